"""The year plan (全年安排): what the standard asks for, period by period, on which day it is planned and was held."""
