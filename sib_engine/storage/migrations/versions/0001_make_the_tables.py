"""Make the tables."""

import sqlalchemy as sa
from alembic import op

from sib_engine.storage.append_only import guard
from sib_engine.storage.base import Instant

revision = "0001"
down_revision = None

APPEND_ONLY = (
    "audit_entry",
    "contract_version",
    "contract_party",
    "mapping",
    "upload",
    "fact",
    "fact_withdrawal",
    "claim",
    "claim_check",
    "claim_move",
    "evidence_file",
    "inspection",
    "sample",
    "sample_claim",
    "sample_draw",
    "sample_item",
    "sample_result",
    "sample_estimate",
    "statement",
    "statement_line",
    "line_part",
    "statement_event",
    "invoice",
    "payment",
    "set_off",
    "dispute",
    "ledger_entry",
    "contract_closure",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "contract",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("code", name=op.f("uq_contract_code")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_account_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "contract_party",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_party_contract_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contract_party_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_party")),
        sa.UniqueConstraint("contract_id", "party", name=op.f("uq_contract_party_contract_id_party")),
    )
    with op.batch_alter_table("contract_party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_party_seq"), ["seq"], unique=False)

    op.create_table(
        "contract_version",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_version_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_version")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_contract_version_contract_id_number")),
    )
    with op.batch_alter_table("contract_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_version_seq"), ["seq"], unique=False)

    op.create_table(
        "participant",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("programme_hash", sa.String(length=80), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_participant_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("contract_id", "reference", name=op.f("uq_participant_contract_id_reference")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_programme_hash"), ["programme_hash"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("contract_id", sa.BigInteger(), nullable=True),
        sa.Column("command", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.Column("rows_digest", sa.String(length=80), nullable=False),
        sa.Column("previous", sa.String(length=80), nullable=False),
        sa.Column("hash", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_audit_entry_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_audit_entry_contract_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_contract_id"), ["contract_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("worker", sa.String(length=200), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("stops", sa.Boolean(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_job_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_state_leased_until", ["state", "leased_until"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("ended_seq", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_membership_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "account_id",
            "contract_id",
            "role",
            "ended_seq",
            name=op.f("uq_membership_account_id_contract_id_role_ended_seq"),
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_account_id"), ["account_id"], unique=False)

    op.create_table(
        "statement",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=200), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("known_seq", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.String(length=80), nullable=False),
        sa.Column("kernel", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("approved_by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by_id"], ["account.id"], name=op.f("fk_statement_approved_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_statement_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_statement_contract_id_number")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_seq"), ["seq"], unique=False)

    op.create_table(
        "mapping",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_mapping_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_mapping_contract_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_mapping_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping")),
        sa.UniqueConstraint(
            "contract_id",
            "organisation_id",
            "name",
            "version",
            name=op.f("uq_mapping_contract_id_organisation_id_name_version"),
        ),
    )
    with op.batch_alter_table("mapping", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mapping_seq"), ["seq"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("mapping_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("file_digest", sa.String(length=80), nullable=False),
        sa.Column("n_before", sa.Integer(), nullable=False),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_upload_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_upload_contract_id")),
        sa.ForeignKeyConstraint(["mapping_id"], ["mapping.id"], name=op.f("fk_upload_mapping_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_upload_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint(
            "contract_id", "file_digest", "n_before", name=op.f("uq_upload_contract_id_file_digest_n_before")
        ),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_seq"), ["seq"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.String(length=200), nullable=False),
        sa.Column("metric", sa.String(length=200), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("upload_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_claim_contract_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_claim_organisation_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_claim_participant_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_claim_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("contract_id", "row", name=op.f("uq_claim_contract_id_row")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_seq"), ["seq"], unique=False)

    op.create_table(
        "fact",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("upload_id", sa.BigInteger(), nullable=True),
        sa.Column("sheet_row", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.BigInteger(), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("job", sa.String(length=200), nullable=True),
        sa.Column("hours", sa.BigInteger(), nullable=True),
        sa.Column("competitive", sa.Integer(), nullable=True),
        sa.Column("self_employed", sa.Integer(), nullable=True),
        sa.Column("hourly_pay", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("metric", sa.String(length=200), nullable=True),
        sa.Column("held", sa.Integer(), nullable=True),
        sa.Column("specialist", sa.String(length=200), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("age_band", sa.String(length=200), nullable=True),
        sa.Column("sex", sa.String(length=200), nullable=True),
        sa.Column("ethnicity", sa.String(length=200), nullable=True),
        sa.Column("diagnosis_group", sa.String(length=200), nullable=True),
        sa.Column("subgroup", sa.String(length=200), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_fact_contract_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_fact_participant_id")),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_fact_upload_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.create_index("ix_fact_contract_id_seq", ["contract_id", "seq"], unique=False)

    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=False),
        sa.Column("scheme", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("purchase_order", sa.String(length=200), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("vat_treatment", sa.String(length=200), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("vat", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("net + vat = gross", name=op.f("ck_invoice_adds_up")),
        sa.CheckConstraint("net <> 0", name=op.f("ck_invoice_something")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_invoice_organisation_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_invoice_contract_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_invoice_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("contract_id", "number", name=op.f("uq_invoice_contract_id_number")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_invoice_organisation_id_number")),
        sa.UniqueConstraint("statement_id", "payer", name=op.f("uq_invoice_statement_id_payer")),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoice_seq"), ["seq"], unique=False)

    op.create_table(
        "statement_event",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_statement_event_by_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_statement_event_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_event")),
    )
    with op.batch_alter_table("statement_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_event_seq"), ["seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_event_statement_id"), ["statement_id"], unique=False)

    op.create_table(
        "statement_line",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("own_period", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("metric", sa.String(length=200), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("subgroup", sa.String(length=200), nullable=False),
        sa.Column("achieved_on", sa.Date(), nullable=True),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("tariff", sa.String(length=200), nullable=False),
        sa.Column("price", sa.String(length=200), nullable=False),
        sa.Column("share", sa.String(length=200), nullable=False),
        sa.Column("earned", sa.BigInteger(), nullable=False),
        sa.Column("payable", sa.BigInteger(), nullable=False),
        sa.Column("takes_back", sa.Boolean(), nullable=False),
        sa.Column("is_assumed", sa.Boolean(), nullable=False),
        sa.Column("terms", sa.String(length=80), nullable=False),
        sa.Column("kernel", sa.String(length=200), nullable=False),
        sa.Column("measured", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("follows", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_statement_line_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_line")),
        sa.UniqueConstraint("statement_id", "number", name=op.f("uq_statement_line_statement_id_number")),
        sa.UniqueConstraint(
            "statement_id",
            "row",
            "tariff",
            "share",
            "takes_back",
            name=op.f("uq_statement_line_statement_id_row_tariff_share_takes_back"),
        ),
    )
    with op.batch_alter_table("statement_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_line_seq"), ["seq"], unique=False)

    op.create_table(
        "claim_check",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("unknown", sa.BigInteger(), nullable=False),
        sa.Column("achieved_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "passed & failed = 0 AND passed & unknown = 0 AND failed & unknown = 0", name=op.f("ck_claim_check_once")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_check_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_check")),
    )
    with op.batch_alter_table("claim_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_check_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_check_seq"), ["seq"], unique=False)

    op.create_table(
        "claim_move",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_claim_move_by_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_move_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_move")),
    )
    with op.batch_alter_table("claim_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_move_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_move_seq"), ["seq"], unique=False)

    op.create_table(
        "dispute",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=False),
        sa.Column("is_settled", sa.Boolean(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_dispute_by_id")),
        sa.ForeignKeyConstraint(["line_id"], ["statement_line.id"], name=op.f("fk_dispute_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_seq"), ["seq"], unique=False)

    op.create_table(
        "evidence_file",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("n_bytes", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("fact_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_evidence_file_by_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_evidence_file_claim_id")),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_evidence_file_fact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("fact_id", name=op.f("uq_evidence_file_fact_id")),
    )
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_file_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_digest"), ["digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_seq"), ["seq"], unique=False)

    op.create_table(
        "fact_withdrawal",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_fact_withdrawal_fact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_withdrawal")),
        sa.UniqueConstraint("fact_id", name=op.f("uq_fact_withdrawal_fact_id")),
    )
    with op.batch_alter_table("fact_withdrawal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fact_withdrawal_seq"), ["seq"], unique=False)

    op.create_table(
        "inspection",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("fact_id", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_inspection_by_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_inspection_claim_id")),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_inspection_fact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("fact_id", name=op.f("uq_inspection_fact_id")),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_seq"), ["seq"], unique=False)

    op.create_table(
        "line_part",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=False),
        sa.Column("shared", sa.BigInteger(), nullable=False),
        sa.Column("pays", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["statement_line.id"], name=op.f("fk_line_part_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_part")),
        sa.UniqueConstraint("line_id", "payer", name=op.f("uq_line_part_line_id_payer")),
    )
    with op.batch_alter_table("line_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_part_seq"), ["seq"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("file_digest", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_payment_something")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_payment_contract_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_payment_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("contract_id", "payer", "reference", name=op.f("uq_payment_contract_id_payer_reference")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_seq"), ["seq"], unique=False)

    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=True),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("debit", sa.String(length=200), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_entry_positive")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_ledger_entry_two_accounts")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_ledger_entry_contract_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_ledger_entry_invoice_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_ledger_entry_payment_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_ledger_entry_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entry_seq"), ["seq"], unique=False)

    op.create_table(
        "sample",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("design", sa.Text(), nullable=False),
        sa.Column("design_digest", sa.String(length=80), nullable=False),
        sa.Column("frame_digest", sa.String(length=80), nullable=False),
        sa.Column("seed_source", sa.Text(), nullable=False),
        sa.Column("seed_on", sa.Date(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_sample_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_sample_contract_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_sample_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_sample_statement_id")),
    )
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sample_seq"), ["seq"], unique=False)

    op.create_table(
        "sample_claim",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sample_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("metric", sa.String(length=200), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("risk", sa.String(length=200), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("is_assumed", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_sample_claim_claim_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_sample_claim_sample_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_claim")),
        sa.UniqueConstraint("sample_id", "claim_id", name=op.f("uq_sample_claim_sample_id_claim_id")),
    )
    with op.batch_alter_table("sample_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_claim_seq"), ["seq"], unique=False)

    op.create_table(
        "sample_draw",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sample_id", sa.BigInteger(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("design", sa.Text(), nullable=False),
        sa.Column("design_digest", sa.String(length=80), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_sample_draw_by_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_sample_draw_sample_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_draw")),
        sa.UniqueConstraint("sample_id", name=op.f("uq_sample_draw_sample_id")),
    )
    with op.batch_alter_table("sample_draw", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_draw_seq"), ["seq"], unique=False)

    op.create_table(
        "sample_item",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sample_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("chance", sa.String(length=200), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_sample_item_claim_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_sample_item_sample_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_item")),
        sa.UniqueConstraint("sample_id", "claim_id", name=op.f("uq_sample_item_sample_id_claim_id")),
    )
    with op.batch_alter_table("sample_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_item_seq"), ["seq"], unique=False)

    op.create_table(
        "sample_result",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(length=200), nullable=False),
        sa.Column("right_value", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_sample_result_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["sample_item.id"], name=op.f("fk_sample_result_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_result")),
    )
    with op.batch_alter_table("sample_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_result_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sample_result_seq"), ["seq"], unique=False)

    op.create_table(
        "sample_estimate",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sample_id", sa.BigInteger(), nullable=False),
        sa.Column("estimate", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("by_rule", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.BigInteger(), nullable=False),
        sa.Column("corrected", sa.BigInteger(), nullable=False),
        sa.Column("extrapolated", sa.BigInteger(), nullable=False),
        sa.Column("by_stratum", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_sample_estimate_by_id")),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_sample_estimate_sample_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_estimate")),
        sa.UniqueConstraint("sample_id", name=op.f("uq_sample_estimate_sample_id")),
    )
    with op.batch_alter_table("sample_estimate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_estimate_seq"), ["seq"], unique=False)

    op.create_table(
        "set_off",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=False),
        sa.Column("credit_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_set_off_positive")),
        sa.CheckConstraint("credit_id <> invoice_id", name=op.f("ck_set_off_two_papers")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_set_off_contract_id")),
        sa.ForeignKeyConstraint(["credit_id"], ["invoice.id"], name=op.f("fk_set_off_credit_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_set_off_invoice_id")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_set_off_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_off")),
    )
    with op.batch_alter_table("set_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_set_off_contract_id"), ["contract_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_set_off_seq"), ["seq"], unique=False)

    op.create_table(
        "contract_closure",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_contract_closure_by_id")),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name=op.f("fk_contract_closure_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_closure")),
        sa.UniqueConstraint("contract_id", name=op.f("uq_contract_closure_contract_id")),
    )
    with op.batch_alter_table("contract_closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contract_closure_seq"), ["seq"], unique=False)

    guard(op.get_bind(), *APPEND_ONLY)
