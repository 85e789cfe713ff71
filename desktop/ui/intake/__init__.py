"""From files of any layout into the store: choose or paste, see what each column is, try, import, take back."""
