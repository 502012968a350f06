CREATE TABLE attachment (
	name TEXT NOT NULL,
	subject TEXT NOT NULL,
	content BLOB NOT NULL,
	made_ms INTEGER NOT NULL,
	CONSTRAINT pk_attachment PRIMARY KEY (name)
)
 STRICT;

CREATE TABLE payment_attempt (
	shop TEXT NOT NULL,
	attempt TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	basket TEXT NOT NULL,
	person TEXT NOT NULL,
	tender TEXT NOT NULL,
	amount INTEGER NOT NULL,
	out_trade_no TEXT NOT NULL,
	mode TEXT NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_payment_attempt PRIMARY KEY (shop, attempt)
)
 STRICT;

CREATE TABLE payment_now (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	attempt TEXT NOT NULL,
	version TEXT NOT NULL,
	state TEXT NOT NULL,
	trade_no TEXT NOT NULL,
	since_ms INTEGER NOT NULL,
	CONSTRAINT pk_payment_now PRIMARY KEY (shop, owner, attempt)
)
 STRICT;

CREATE TABLE payment_step (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	attempt TEXT NOT NULL,
	"before" TEXT NOT NULL,
	state TEXT NOT NULL,
	trade_no TEXT NOT NULL,
	reason TEXT NOT NULL,
	person TEXT NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_payment_step PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE refund_attempt (
	shop TEXT NOT NULL,
	refund_attempt TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	refund TEXT NOT NULL,
	attempt TEXT NOT NULL,
	tender TEXT NOT NULL,
	amount INTEGER NOT NULL,
	out_trade_no TEXT NOT NULL,
	out_refund_no TEXT NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_refund_attempt PRIMARY KEY (shop, refund_attempt)
)
 STRICT;

CREATE TABLE refund_now (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	refund_attempt TEXT NOT NULL,
	version TEXT NOT NULL,
	state TEXT NOT NULL,
	trade_no TEXT NOT NULL,
	since_ms INTEGER NOT NULL,
	CONSTRAINT pk_refund_now PRIMARY KEY (shop, owner, refund_attempt)
)
 STRICT;

CREATE TABLE refund_step (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	refund_attempt TEXT NOT NULL,
	"before" TEXT NOT NULL,
	state TEXT NOT NULL,
	trade_no TEXT NOT NULL,
	reason TEXT NOT NULL,
	person TEXT NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_refund_step PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE subject_key (
	subject TEXT NOT NULL,
	sealed BLOB NOT NULL,
	CONSTRAINT pk_subject_key PRIMARY KEY (subject)
)
 STRICT;

CREATE TABLE wallet_code (
	digest TEXT NOT NULL,
	attempt TEXT NOT NULL,
	CONSTRAINT pk_wallet_code PRIMARY KEY (digest)
)
 STRICT;

CREATE INDEX ix_attachment_subject ON attachment (subject);

CREATE INDEX ix_payment_attempt_basket ON payment_attempt (shop, basket);

CREATE INDEX ix_payment_attempt_day ON payment_attempt (shop, day);

CREATE INDEX ix_payment_attempt_out_trade_no ON payment_attempt (shop, out_trade_no);

CREATE INDEX ix_payment_now_state ON payment_now (shop, state);

CREATE INDEX ix_payment_step_of ON payment_step (shop, attempt);

CREATE INDEX ix_refund_attempt_attempt ON refund_attempt (shop, attempt);

CREATE INDEX ix_refund_attempt_refund ON refund_attempt (shop, refund);

CREATE INDEX ix_refund_now_state ON refund_now (shop, state);

CREATE INDEX ix_refund_step_of ON refund_step (shop, refund_attempt);
