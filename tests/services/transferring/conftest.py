"""The company of a test, open."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.transferring.company import Company, company_in


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with company_in(tmp_path) as made:
        yield made
