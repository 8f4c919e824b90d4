"""Deals come over from other CRMs whole, once, and without knowing the future."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.activity import Revision
from models.database import Database
from models.deal import DealField
from models.deals import Deals
from models.errors import FieldUnknown, PipelineDiffers, PipelineNotFound, StagesUnknown
from models.history import Via, standings
from models.importing_errors import ColumnsMissing, ColumnUnknown, FileIsEmpty, FileIsNotText
from models.members import Members
from models.pipeline import Stage, stages_from_text
from models.pipelines import Pipelines
from models.reading_dates import DateOrder
from models.workspace import workspace_of
from tests.models.imports import NOW, TEAM, Office, faults

HUBSPOT = """\
Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Pipeline,Create Date,Associated Company,Deal Type
901,Acme renewal,Closed Won,2026-03-02,Ann Lee,"12,000.50",Sales Pipeline,2026-01-05 09:30,Acme,Renewal
902,Beta,Proposal,2026-08-31,Bo Chen,900,Sales Pipeline,2026-02-01 10:00,Beta Ltd,
"""
SALESFORCE = """\
"Opportunity ID";"Opportunity Name";"Account Name";"Stage";"Amount";"Amount Currency";"Close Date";"Created Date";\
"Opportunity Owner";"Lead Source";"Loss Reason"
"006A";"Gamma";"Gamma SA";"Closed Lost";"1.200,50";"EUR";"31/03/2026";"15/01/2026";"Ann Lee";"Web";"Price"
"""
PIPEDRIVE = """\
Deal - ID\tDeal - Title\tDeal - Organization\tDeal - Value\tDeal - Stage\tDeal - Status\tDeal - Deal created\t\
Deal - Won time\tDeal - Lost time\tDeal - Lost reason\tDeal - Expected close date
7\tDelta\tDelta Inc\t500\tNegotiations Started\tLost\t2026-01-01\t\t2026-02-01\tToo slow\t2026-03-01
"""
CHINESE = """\
商机编号,商机名称,客户名称,金额,销售阶段,负责人,创建时间,预计成交日期
S1,华为续约,华为技术,30万,方案报价,李雷,2026-01-05,2026-09-30
"""


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


def test_an_export_of_hubspot(office: Office) -> None:
    report = office.deals(HUBSPOT)

    assert (report.added, report.rejected, report.members_made) == (2, 0, 2)
    assert report.fields_made == ["Deal Type"]
    won, beta = office.deal("Acme renewal"), office.deal("Beta")
    assert (won.company, won.amount, won.currency, won.close_date) == ("Acme", Decimal("12000.5"), "USD", None)
    assert won.custom == {"Deal Type": "Renewal"}
    assert won.closed_at == datetime(2026, 3, 2, tzinfo=UTC)
    assert office.path_of("Acme renewal") == [("Lead identified", "2026-01-05"), ("Won", "2026-03-02")]
    assert beta.stage.name == "Proposal"
    assert beta.close_date == date(2026, 8, 31)
    assert beta.owner is not None
    assert beta.owner.name == "Bo Chen"


def test_an_export_of_salesforce_with_semicolons_in_windows_encoding(office: Office) -> None:
    office.deals(SALESFORCE.replace("Gamma SA", "Gâmma SA").encode("cp1252"))

    lost = office.deal("Gamma")
    assert (lost.company, lost.amount, lost.currency, lost.source) == ("Gâmma SA", Decimal("1200.5"), "EUR", "Web")
    assert (lost.loss_reason, lost.closed_at) == ("Price", datetime(2026, 3, 31, tzinfo=UTC))


def test_an_export_of_pipedrive_tells_the_last_open_stage_of_a_lost_deal(office: Office) -> None:
    office.deals(PIPEDRIVE)

    assert office.deal("Delta").loss_reason == "Too slow"
    assert office.deal("Delta").close_date == date(2026, 3, 1)
    assert [stage for stage, _ in office.path_of("Delta")] == ["Negotiation", "Lost"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_chinese_export_in_every_usual_encoding(office: Office, encoding: str) -> None:
    office.deals(CHINESE.encode(encoding))

    deal = office.deal("华为续约")
    assert (deal.company, deal.amount, deal.stage.name) == ("华为技术", Decimal(300_000), "Proposal")


def test_the_same_file_twice_changes_nothing(office: Office) -> None:
    office.deals(HUBSPOT)
    before = office.pasts()

    again = office.deals(HUBSPOT, at=NOW + timedelta(days=1))

    assert (again.added, again.updated, again.unchanged) == (0, 0, 2)
    assert office.pasts() == before


def test_deals_without_an_id_are_known_by_name_company_and_day(office: Office) -> None:
    rows = "name,company,created\nAcme,Acme Inc,2026-01-01\nAcme,Acme Inc,2026-02-01\n"
    office.deals(rows)

    again = office.deals(rows)

    assert (again.added, again.unchanged) == (0, 2)


def test_a_changed_row_revises_the_deal_and_moves_it_on(office: Office) -> None:
    office.deals(HUBSPOT)

    later = NOW + timedelta(days=2)
    again = office.deals(
        HUBSPOT.replace("Proposal,2026-08-31,Bo Chen,900", "Negotiation,2026-09-30,Ann Lee,950"), at=later
    )

    beta = office.deal("Beta")
    assert (again.added, again.updated, again.unchanged) == (0, 1, 1)
    assert (beta.amount, beta.close_date, beta.stage.name) == (Decimal(950), date(2026, 9, 30), "Negotiation")
    assert (beta.entered_stage_at, beta.version > 1) == (later, True)
    assert beta.owner is not None
    assert beta.owner.name == "Ann Lee"
    past = next(past for past in office.pasts() if past.deal_id == beta.id)
    assert past.as_of(NOW + timedelta(days=1)).amount == Decimal(900)


def test_an_old_file_does_not_overrule_what_people_changed_in_slack(office: Office) -> None:
    office.deals(HUBSPOT)
    later = NOW + timedelta(days=1)
    with office.database.begin() as session:
        workspace = workspace_of(session, TEAM, at=NOW)
        ann, beta = Members(session, workspace).named("Ann Lee"), Deals(session, workspace).named("Beta")
        beta.set_text(DealField.COMPANY, "Beta Group", by=ann, at=later)
        beta.advance(by=ann, at=later, via=Via.COMMAND)

    again = office.deals(HUBSPOT, at=NOW + timedelta(days=2))

    assert (again.updated, again.unchanged) == (0, 2)
    assert (office.deal("Beta").company, office.deal("Beta").stage.name) == ("Beta Group", "Negotiation")


def test_a_row_that_stands_twice_is_refused_the_second_time(office: Office) -> None:
    report = office.deals("id,name\n1,Acme\n1,Acme again\n")

    assert (report.added, faults(report)) == (1, [(3, "error.row_repeated")])


def test_one_bad_row_in_a_thousand_stops_nobody(office: Office) -> None:
    rows = [f"{number},Deal {number},100" for number in range(1_000)]
    rows[499] = "499,Deal 499,a lot"

    report = office.deals("id,name,amount\n" + "\n".join(rows))

    assert report.added == 999
    assert faults(report) == [(501, "error.amount_not_understood")]
    assert report.bad_rows[0].kept == {"id": "499", "name": "Deal 499", "amount": "a lot"}
    assert [(row["id"], row["amount"]) for row in office.rejected()] == [("499", "a lot")]
    assert "amount" in office.rejected()[0]["fault"]


def test_the_mended_rejects_file_goes_in(office: Office) -> None:
    office.deals("id,name,amount,Region\n1,Acme,-5,North\n")
    mended = office.rejects.read_text(encoding="utf-8-sig").replace("-5", "5")

    report = office.deals(mended)

    assert (report.added, office.deal("Acme").amount) == (1, Decimal(5))
    assert report.fields_made == ["Region"]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (f"1,{'x' * 3_000},,", "error.text_too_long"),
        ("1,Acme,-1,", "error.amount_out_of_range"),
        ("1,Acme,999999999999999,", "error.amount_out_of_range"),
        ("1,Acme,12 XXX,", "error.currency_unknown"),
        ("1,Acme,,Dancing", "error.stage_not_found"),
        ("1,Acme,,,2026-02-31", "error.date_of_row_not_understood"),
        ("1,Acme,,,2027-01-01", "error.date_out_of_range"),
        ("1,Acme,,,2026-01-01,more", "error.cells_too_many"),
    ],
)
def test_a_bad_row_is_refused_with_its_fault(office: Office, row: str, fault: str) -> None:
    report = office.deals(f"id,name,amount,stage,created\n{row}\n2,Beta,,,\n")

    assert (report.added, faults(report)) == (1, [(2, fault)])


def test_an_unknown_stage_is_told_with_the_known_ones(office: Office) -> None:
    rows = "name,stage\nAcme,Dancing\nBeta,Lead\n"

    report = office.deals(rows, pipeline="P", stages=stages_from_text("Lead,Won:won"))

    assert report.stages_made == ("Lead", "Won", "Lost")
    assert report.bad_rows[0].fault.values == {"name": "Dancing", "stages": ("Lead", "Won", "Lost")}


def test_names_that_mean_something_to_slack_or_a_spreadsheet_are_kept_as_they_are(office: Office) -> None:
    office.deals('name,company\n<!channel> & <@U123>,"=HYPERLINK(""x"")"\nمرحبا 🚀,-1+1\n')

    assert office.deal("<!channel> & <@U123>").company == '=HYPERLINK("x")'
    assert office.deal("مرحبا 🚀").company == "-1+1"


def test_a_damaged_byte_spoils_one_row_only_and_is_kept(office: Office) -> None:
    report = office.deals("name,company\nMüller,Café\nCaf\udce9,x\n华为,y\n".encode("utf-8", "surrogateescape"))

    assert (report.added, faults(report)) == (2, [(3, "error.text_is_damaged")])
    assert b"Caf\xe9,x" in office.rejects.read_bytes()
    assert report.bad_rows[0].kept["name"] == "Caf\ufffd"


@pytest.mark.parametrize(
    "content", [b"", b" \r\n\r\n", b"\xef\xbb\xbf", b",,,\n", b"sep=;\r\n", b"\x0b", "\u3000\n".encode()]
)
def test_an_empty_file_is_refused(office: Office, content: bytes) -> None:
    with pytest.raises(FileIsEmpty):
        office.deals(content)


@pytest.mark.parametrize("content", [b"PK\x03\x04\x00\x00", b"\x1f\x8b not gzip", "name\nA".encode("utf-16-le")])
def test_a_file_that_is_no_text_is_refused(office: Office, content: bytes) -> None:
    with pytest.raises(FileIsNotText):
        office.deals(content)


def test_a_file_without_a_name_is_refused_with_the_columns_it_has(office: Office) -> None:
    with pytest.raises(ColumnsMissing) as refused:
        office.deals("colour,amount\nred,1\n")

    assert refused.value.found == ("colour", "amount")


def test_a_header_alone_imports_nothing(office: Office) -> None:
    assert office.deals("name,amount\n").added == 0


def test_mapping_overrules_what_a_column_is_called(office: Office) -> None:
    office.deals(
        "Amount,What,Secret,Size\nAcme,5,x,y\n",
        columns={"amount": "name", "What": "amount", "Secret": "ignore", "Size": "custom"},
    )

    acme = office.deal("Acme")
    assert (acme.amount, acme.custom) == (Decimal(5), {"Size": "y"})


def test_a_mapping_names_a_column_and_a_field_that_exist(office: Office) -> None:
    with pytest.raises(ColumnUnknown):
        office.deals("name\nAcme\n", columns={"Nome": "name"})
    with pytest.raises(FieldUnknown):
        office.deals("name\nAcme\n", columns={"name": "title of it"})


GERMAN = """\
Deal-ID;Dealname;Firma;Betrag;Währung;Phase;Verantwortlich;Erstellt am
1;Kran;Bau GmbH;1.200,50;EUR;Proposal;Ann Lee;03/04/2026
"""


def test_a_german_export_has_the_day_before_the_month(office: Office) -> None:
    report = office.deals(GERMAN)

    deal = office.deal("Kran")
    assert (report.added, report.fields_made) == (1, [])
    assert (deal.company, deal.amount, deal.currency) == ("Bau GmbH", Decimal("1200.5"), "EUR")
    assert deal.created_at == datetime(2026, 4, 3, tzinfo=UTC)


def test_the_dates_of_a_file_count_for_more_than_its_semicolons(office: Office) -> None:
    office.deals("name;created\nAcme;03/04/2026\nBeta;03/31/2026\n")

    assert office.deal("Acme").created_at == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ("name;created\nAcme;03/04/2026\n", DateOrder.DMY),
        ("name,created\nAcme,03/04/2026\n", DateOrder.MDY),
        ("name,created\nAcme,03/04/2026\nBeta,03/31/2026\n", None),
        ("name,created\nAcme,2026-03-04\nBeta,04/04/2026\n", None),
    ],
)
def test_how_dates_were_read_is_told_where_they_may_mean_two_days(
    office: Office, rows: str, order: DateOrder | None
) -> None:
    assert office.deals(rows).dates_assumed is order


def test_deals_of_an_unknown_pipeline_go_to_the_default_one_and_are_counted(office: Office) -> None:
    rows = "name,pipeline\nAcme,Retail\nBeta,Retail\nGamma,sales\nDelta,\n"

    first, again = office.deals(rows), office.deals(rows)

    assert (first.pipeline, first.pipelines_unknown) == ("Sales", {"Retail": 2})
    assert again.pipelines_unknown == {}


def test_no_pipeline_is_unknown_where_one_was_asked_for(office: Office) -> None:
    report = office.deals("name,pipeline\nAcme,Retail\n", pipeline="P", stages=stages_from_text("Lead,Won:won"))

    assert report.pipelines_unknown == {}


@pytest.mark.parametrize("stages", ["Lead,Won:won", "LEAD,Won:won,lost:lost", "Won:won,Lead"])
def test_a_pipeline_of_these_stages_may_be_there_already(office: Office, stages: str) -> None:
    office.deals("name\nAcme\n", pipeline="Partners", stages=stages_from_text("Lead,Won:won,Lost:lost"))

    again = office.deals("name\nBeta\n", pipeline="partners", stages=stages_from_text(stages))

    assert (again.added, again.stages_made) == (1, ())


@pytest.mark.parametrize("stages", ["Lead,Demo,Won:won", "Demo,Lead,Won:won", "Lead,Won:won,Lost:lost"])
def test_a_pipeline_of_other_stages_is_refused(office: Office, stages: str) -> None:
    office.deals("name\nAcme\n", pipeline="Partners", stages=stages_from_text("Lead,Demo:after_sales,Won:won"))

    with pytest.raises(PipelineDiffers):
        office.deals("name\nBeta\n", pipeline="Partners", stages=stages_from_text(stages))

    assert len(office.pasts()) == 1


def test_a_file_made_for_other_stages_is_refused_before_half_of_it_is_in(office: Office) -> None:
    office.deals("name\nFirst\n")
    rows = "name,stage\nAcme,Discovery\nBeta,Pilot\nGamma,Won\nDelta,Discovery\n"

    with pytest.raises(StagesUnknown) as refused:
        office.deals(rows)

    assert (refused.value.stages, refused.value.rows) == (("Discovery", "Pilot"), 3)
    assert office.deals(rows, pipeline="Own", stages=stages_from_text("Discovery,Pilot,Won:won")).added == 4
    with pytest.raises(StagesUnknown) as again:
        office.deals(rows)
    assert again.value.elsewhere == "Own"
    with pytest.raises(StagesUnknown):
        office.deals(rows.replace("stage", "status"))
    assert office.deals("name,pipeline,stage\nEps,own,Pilot\nZeta,Own,Pilot\nEta,Own,Pilot\n").added == 3
    with pytest.raises(StagesUnknown):
        office.deals("name,pipeline,stage\nA,Sales,Pilot\nB,Sales,Pilot\nC,Sales,Pilot\n")
    with pytest.raises(StagesUnknown) as of_own:
        office.deals("name,pipeline,stage\nA,Own,Proposal\nB,Own,Proposal\nC,Own,Proposal\n")
    assert (of_own.value.name, of_own.value.elsewhere) == ("Own", "Sales")
    assert len(office.pasts()) == 8


def test_one_stage_that_all_open_deals_are_in_refuses_a_file_and_a_slip_or_two_do_not(office: Office) -> None:
    closed = "".join(f"Deal {n},{('Won', 'Lost')[n % 2]}\n" for n in range(20))

    with pytest.raises(StagesUnknown):
        office.deals(f"name,stage\n{closed}Acme,Engaging\nBeta,Engaging\nGamma,Engaging\n")
    report = office.deals(f"name,stage\n{closed}Acme,Engaging\nBeta,Wonn\n")

    assert (report.added, report.rejected) == (20, 2)


def test_a_pipeline_that_is_not_there_needs_stages(office: Office) -> None:
    with pytest.raises(PipelineNotFound):
        office.deals("name\nAcme\n", pipeline="Partners")


def test_what_a_deal_closed_for_is_not_known_before(office: Office) -> None:
    office.deals(
        "name,stage,engage_date,close_date,close_value\n"
        "Acme,Won,2026-01-01,2026-03-01,500\nBeta,Lost,2026-01-01,2026-03-01,0\nGamma,Proposal,2026-01-01,,\n"
    )

    acme, beta, gamma = office.pasts()
    closed = datetime(2026, 3, 1, tzinfo=UTC)
    assert acme.as_of(closed).amount == Decimal(500)
    assert acme.as_of(closed - timedelta(seconds=1)).amount is None
    assert (beta.amount, beta.revisions, gamma.amount) == (None, (), None)
    assert (acme.close_date, beta.close_date) == (None, None)


def test_every_imported_deal_stands_where_its_history_leads(office: Office) -> None:
    office.deals(HUBSPOT + "903,Gamma,Closed Lost,2026-04-01,,,,,,\n904,Delta,Won,,,,,2026-05-01,,\n905,Eps,,,,,,,,\n")

    for name in ("Acme renewal", "Beta", "Gamma", "Delta", "Eps"):
        deal = office.deal(name)
        standing = standings(deal.changes)[-1]
        assert (deal.stage_id, deal.entered_stage_at) == (standing.stage_id, standing.entered_at)
        assert (deal.closed_at, deal.loss_reason) == (standing.closed_at, standing.loss_reason)
        assert deal.created_at == deal.changes[0].at
        assert {change.via for change in deal.changes} == {Via.DERIVED}


def test_a_creation_date_does_not_tell_that_a_stage_was_there_before_it_was_put_in(office: Office) -> None:
    office.deals("name,stage\nAcme,Qualified\n")
    with office.database.begin() as session:
        pipelines = Pipelines(session, workspace_of(session, TEAM, at=NOW))
        change = pipelines.reshaping(pipelines.all()[0])
        change.insert("Demo", beside=change.pipeline.stage_named("Qualified"), at=NOW)

    office.deals("name,stage,created\nBeta,Demo,2024-01-01\n")

    with office.database.reading() as session:
        assert session.scalars(select(Stage.inserted_at).where(Stage.name == "Demo")).one() == NOW


def test_an_import_that_was_interrupted_goes_on(office: Office) -> None:
    rows = "".join(f"{number},Deal {number}\n" for number in range(1_200))
    office.deals("id,name\n" + rows[: len(rows) // 2].rsplit("\n", 1)[0])

    report = office.deals("id,name\n" + rows)

    assert report.added + report.unchanged == 1_200
    assert len(office.pasts()) == 1_200


def test_another_workspace_is_left_alone(office: Office, tmp_path: Path) -> None:
    other = Office(office.database, tmp_path, "T2")
    office.deals(HUBSPOT)

    report = other.deals(HUBSPOT)

    assert (report.added, len(office.pasts()), len(other.pasts())) == (2, 2, 2)


def test_a_new_next_step_replaces_the_old_one(office: Office) -> None:
    office.deals("id,name,next step,next step due\n1,Acme,Call Bo,2026-07-01\n")
    again = office.deals("id,name,next step,next step due\n1,Acme,Send offer,2026-07-15\n")

    step = office.deal("Acme").next_step
    assert again.updated == 1
    assert step is not None
    assert (step.text, step.due) == ("Send offer", date(2026, 7, 15))


def test_revisions_by_imports_are_nobodys(office: Office) -> None:
    office.deals("id,name,amount\n1,Acme,5\n")
    office.deals("id,name,amount\n1,Acme,6\n")

    with office.database.reading() as session:
        revision = session.scalars(select(Revision)).one()
    assert (revision.old, revision.new, revision.by_id) == ("5 USD", "6 USD", None)
