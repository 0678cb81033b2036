"""Reading people.csv: every usable row goes in, every other one is named with its line."""

from __future__ import annotations

import pytest

from syncagent.errors import ConfigProblems
from syncagent.formats.people_csv import COLUMNS, read_people

HEAD = "account,account_domains,is_key,name,emails,title,decision_roles,contact_person,language,reports_to\n"
GOOD = (
    HEAD + "Xəzər Enerji,xezer.az;xezer.com,yes,Günel Əliyeva,Gunel@Xezer.az; g@gmail.com,Direktor,influencer,1,az,\n"
)


def test_a_row_is_a_stakeholder_of_an_account() -> None:
    file = read_people(GOOD.encode(), "people.csv")
    (person,) = file.people
    assert (person.name, person.emails) == ("Günel Əliyeva", ("gunel@xezer.az", "g@gmail.com"))
    assert person.account.domains == ("xezer.az", "xezer.com")
    assert person.account.is_key is True
    assert person.values["contact_person"] is True
    assert file.problems == ()


def test_a_row_without_a_name_describes_its_account_alone() -> None:
    file = read_people((HEAD + "Bakı MMC,baki.az,no,,,,,,,\n").encode(), "people.csv")
    assert file.people == ()
    assert [(account.name, account.is_key) for account in file.accounts] == [("Bakı MMC", False)]


BAD_ROWS = [
    ("A,,yes,Ad,not an address,,,,,", "'not an address' is not an address"),
    ("A,,yes,Ad,,,,,,", "emails is empty"),
    (",,yes,Ad,a@b.az,,,,,", "the account is empty"),
    ("A,,maybe,Ad,a@b.az,,,,,", "'maybe' is neither yes nor no"),
    ("A,,yes,Ad,a@b.az,,boss,,,", "'boss' is not one of"),
    ("A,,yes,Ad,a@b.az,,,,fr,", "'fr' is not one of"),
    ("A,nodot,yes,Ad,a@b.az,,,,,", "'nodot' is not a domain"),
    ("A,,yes,,a@b.az,,,,,", "there is an address, but the name is empty"),
]


@pytest.mark.parametrize(("row", "why"), BAD_ROWS, ids=[why for _, why in BAD_ROWS])
def test_a_bad_row_is_named_with_its_line_and_the_rest_goes_in(row: str, why: str) -> None:
    file = read_people((GOOD + row + "\n").encode(), "people.csv")
    assert len(file.people) == 1
    (problem,) = file.problems
    assert problem.where == "people.csv:3"
    assert why in problem.what


def test_the_same_person_twice_is_a_problem_of_the_second_row() -> None:
    row = GOOD.splitlines()[1]
    file = read_people(f"{GOOD}{row}\n".encode(), "people.csv")
    assert [str(problem) for problem in file.problems] == ["people.csv:3: the same first address as in line 2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_reads_what_spreadsheets_write(encoding: str) -> None:
    file = read_people(GOOD.replace(",", "\t").replace("\t g@", ", g@").encode(encoding), "people.csv")
    assert file.people[0].name == "Günel Əliyeva"


def test_another_encoding_is_named_with_its_cure() -> None:
    with pytest.raises(ConfigProblems) as caught:
        read_people(GOOD.encode("utf-8") + b"\xff\xfe\xfa", "people.csv")
    assert "CSV UTF-8" in caught.value.cure


def test_a_file_without_the_columns_is_no_list_of_people() -> None:
    with pytest.raises(ConfigProblems) as caught:
        read_people(b"a,b\n1,2\n", "people.csv")
    assert [problem.what for problem in caught.value.problems] == [
        "the column account is missing",
        "the column name is missing",
        "the column emails is missing",
    ]
    assert COLUMNS[0] in caught.value.cure


def test_columns_that_the_file_does_not_have_are_not_told() -> None:
    file = read_people(b"account,name,emails\nA,Ad,a@b.az\n", "people.csv")
    assert file.people[0].values == {}
    assert file.people[0].decision_roles is None
    assert file.people[0].account.is_key is None
