CREATE TABLE barcode (
	shop TEXT NOT NULL,
	code TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	product TEXT NOT NULL,
	pack INTEGER NOT NULL,
	CONSTRAINT pk_barcode PRIMARY KEY (shop, code, owner)
)
 STRICT

;

CREATE TABLE basket_end (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	basket TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	person TEXT NOT NULL,
	what TEXT NOT NULL,
	amount INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_basket_end PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE TABLE brand (
	shop TEXT NOT NULL,
	code TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	name TEXT NOT NULL,
	level TEXT NOT NULL,
	town TEXT NOT NULL,
	CONSTRAINT pk_brand PRIMARY KEY (shop, code, owner)
)
 STRICT

;

CREATE TABLE catalogue_version (
	shop TEXT NOT NULL,
	subject TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	document TEXT NOT NULL,
	name TEXT NOT NULL,
	CONSTRAINT pk_catalogue_version PRIMARY KEY (shop, subject, owner)
)
 STRICT

;

CREATE TABLE certificate (
	shop TEXT NOT NULL,
	number TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	kind TEXT NOT NULL,
	issuer TEXT NOT NULL,
	text TEXT NOT NULL,
	valid_from TEXT NOT NULL,
	valid_to TEXT NOT NULL,
	CONSTRAINT pk_certificate PRIMARY KEY (shop, number, owner)
)
 STRICT

;

CREATE TABLE clock_confirmed (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	person TEXT NOT NULL,
	expected_ms INTEGER NOT NULL,
	shown_ms INTEGER NOT NULL,
	CONSTRAINT pk_clock_confirmed PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE TABLE counter_act (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	person TEXT NOT NULL,
	what TEXT NOT NULL,
	detail TEXT NOT NULL,
	amount INTEGER NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_counter_act PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE TABLE day_closed (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	part INTEGER NOT NULL,
	journal TEXT NOT NULL,
	from_seq INTEGER NOT NULL,
	to_seq INTEGER NOT NULL,
	gross INTEGER NOT NULL,
	refunds INTEGER NOT NULL,
	net INTEGER NOT NULL,
	grand_total INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_day_closed PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE TABLE day_opened (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_day_opened PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE TABLE draft (
	basket TEXT NOT NULL,
	state TEXT NOT NULL,
	name TEXT NOT NULL,
	content TEXT NOT NULL,
	changed_ms INTEGER NOT NULL,
	CONSTRAINT pk_draft PRIMARY KEY (basket)
)
 STRICT

;

CREATE TABLE drawer_cash (
	shop TEXT NOT NULL,
	till TEXT NOT NULL,
	shift TEXT NOT NULL,
	tender TEXT NOT NULL,
	taken INTEGER NOT NULL,
	given INTEGER NOT NULL,
	CONSTRAINT pk_drawer_cash PRIMARY KEY (shop, till, shift, tender)
)
 STRICT

;

CREATE TABLE entry (
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	fact TEXT NOT NULL,
	kind TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	hash BLOB NOT NULL,
	sig BLOB NOT NULL,
	content BLOB NOT NULL,
	CONSTRAINT pk_entry PRIMARY KEY (journal, seq),
	CONSTRAINT uq_entry_fact UNIQUE (fact)
)
 STRICT

;

CREATE TABLE journal_opened (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	journal TEXT NOT NULL,
	till TEXT NOT NULL,
	device TEXT NOT NULL,
	public_key TEXT NOT NULL,
	previous TEXT NOT NULL,
	previous_hash TEXT NOT NULL,
	reason TEXT NOT NULL,
	series TEXT NOT NULL,
	CONSTRAINT pk_journal_opened PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE TABLE kit_part (
	shop TEXT NOT NULL,
	kit TEXT NOT NULL,
	part TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	CONSTRAINT pk_kit_part PRIMARY KEY (shop, kit, part, owner)
)
 STRICT

;

CREATE TABLE lot (
	shop TEXT NOT NULL,
	lot TEXT NOT NULL,
	fact TEXT NOT NULL,
	product TEXT NOT NULL,
	batch TEXT NOT NULL,
	unit_cost INTEGER NOT NULL,
	made TEXT NOT NULL,
	expires TEXT NOT NULL,
	certificate TEXT NOT NULL,
	village TEXT NOT NULL,
	report TEXT NOT NULL,
	supplier TEXT NOT NULL,
	received_ms INTEGER NOT NULL,
	CONSTRAINT pk_lot PRIMARY KEY (shop, lot)
)
 STRICT

;

CREATE TABLE mark (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_mark PRIMARY KEY (name)
)
 STRICT

;

CREATE TABLE movement (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	n INTEGER NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	place TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	reason TEXT NOT NULL,
	unit_cost INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_movement PRIMARY KEY (shop, fact, n)
)
 STRICT

;

CREATE TABLE on_hand (
	shop TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	place TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	CONSTRAINT pk_on_hand PRIMARY KEY (shop, product, lot, place)
)
 STRICT

;

CREATE TABLE own_journal (
	journal TEXT NOT NULL,
	opened_order INTEGER NOT NULL,
	CONSTRAINT pk_own_journal PRIMARY KEY (journal)
)
 STRICT

;

CREATE TABLE person (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	person TEXT NOT NULL,
	version TEXT NOT NULL,
	role TEXT NOT NULL,
	active INTEGER NOT NULL,
	CONSTRAINT pk_person PRIMARY KEY (shop, owner, person)
)
 STRICT

;

CREATE TABLE pin (
	person TEXT NOT NULL,
	sealed_name BLOB NOT NULL,
	sealed_verifier BLOB NOT NULL,
	failures INTEGER NOT NULL,
	CONSTRAINT pk_pin PRIMARY KEY (person)
)
 STRICT

;

CREATE TABLE presence (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	person TEXT NOT NULL,
	what TEXT NOT NULL,
	detail TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_presence PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE TABLE print_job (
	id TEXT NOT NULL,
	printer TEXT NOT NULL,
	kind TEXT NOT NULL,
	fact TEXT NOT NULL,
	title TEXT NOT NULL,
	paper TEXT NOT NULL,
	kick_drawer INTEGER NOT NULL,
	state TEXT NOT NULL,
	detail TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	changed_ms INTEGER NOT NULL,
	expires_ms INTEGER NOT NULL,
	copies_printed INTEGER NOT NULL,
	CONSTRAINT pk_print_job PRIMARY KEY (id)
)
 STRICT

;

CREATE TABLE product (
	shop TEXT NOT NULL,
	code TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	name TEXT NOT NULL,
	spec TEXT NOT NULL,
	unit TEXT NOT NULL,
	weighed INTEGER NOT NULL,
	price INTEGER NOT NULL,
	cost INTEGER NOT NULL,
	kind TEXT NOT NULL,
	mark TEXT NOT NULL,
	brand_town TEXT NOT NULL,
	origin_town TEXT NOT NULL,
	origin_village TEXT NOT NULL,
	category TEXT NOT NULL,
	subcategory TEXT NOT NULL,
	three_origin TEXT NOT NULL,
	tier TEXT NOT NULL,
	shelf_life TEXT NOT NULL,
	shelf_days INTEGER NOT NULL,
	tax_class TEXT NOT NULL,
	tax_rate INTEGER NOT NULL,
	age_limit INTEGER NOT NULL,
	deposit INTEGER NOT NULL,
	wholesale_only INTEGER NOT NULL,
	needs_health_food_no INTEGER NOT NULL,
	health_food_no TEXT NOT NULL,
	needs_farm_certificate INTEGER NOT NULL,
	reducible INTEGER NOT NULL,
	display_only INTEGER NOT NULL,
	aliases TEXT NOT NULL,
	initials TEXT NOT NULL,
	certificates TEXT NOT NULL,
	entrusting_party TEXT NOT NULL,
	maker TEXT NOT NULL,
	maker_licence TEXT NOT NULL,
	true_origin TEXT NOT NULL,
	story TEXT NOT NULL,
	active INTEGER NOT NULL,
	CONSTRAINT pk_product PRIMARY KEY (shop, code, owner)
)
 STRICT

;

CREATE TABLE reprint (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	sale TEXT NOT NULL,
	person TEXT NOT NULL,
	copy INTEGER NOT NULL,
	CONSTRAINT pk_reprint PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE TABLE sale (
	shop TEXT NOT NULL,
	sale TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	series TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	number TEXT NOT NULL,
	drawer TEXT NOT NULL,
	person TEXT NOT NULL,
	channel TEXT NOT NULL,
	seller TEXT NOT NULL,
	member TEXT NOT NULL,
	pieces INTEGER NOT NULL,
	gross INTEGER NOT NULL,
	reduced INTEGER NOT NULL,
	rounding INTEGER NOT NULL,
	due INTEGER NOT NULL,
	change INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_sale PRIMARY KEY (shop, sale)
)
 STRICT

;

CREATE TABLE sale_line (
	shop TEXT NOT NULL,
	sale TEXT NOT NULL,
	line INTEGER NOT NULL,
	product TEXT NOT NULL,
	name TEXT NOT NULL,
	spec TEXT NOT NULL,
	unit TEXT NOT NULL,
	weighed INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	list_price INTEGER NOT NULL,
	unit_price INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	reduced INTEGER NOT NULL,
	paid INTEGER NOT NULL,
	tax_class TEXT NOT NULL,
	tax_rate INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	mark TEXT NOT NULL,
	brand TEXT NOT NULL,
	brand_town TEXT NOT NULL,
	origin_town TEXT NOT NULL,
	origin_village TEXT NOT NULL,
	category TEXT NOT NULL,
	subcategory TEXT NOT NULL,
	three_origin TEXT NOT NULL,
	tier TEXT NOT NULL,
	kind TEXT NOT NULL,
	lot TEXT NOT NULL,
	lot_known TEXT NOT NULL,
	serial TEXT NOT NULL,
	CONSTRAINT pk_sale_line PRIMARY KEY (shop, sale, line)
)
 STRICT

;

CREATE TABLE sale_reduction (
	shop TEXT NOT NULL,
	sale TEXT NOT NULL,
	line INTEGER NOT NULL,
	n INTEGER NOT NULL,
	rule TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	amount INTEGER NOT NULL,
	CONSTRAINT pk_sale_reduction PRIMARY KEY (shop, sale, line, n)
)
 STRICT

;

CREATE TABLE sale_tender (
	shop TEXT NOT NULL,
	sale TEXT NOT NULL,
	n INTEGER NOT NULL,
	tender TEXT NOT NULL,
	amount INTEGER NOT NULL,
	tendered INTEGER NOT NULL,
	change INTEGER NOT NULL,
	reference TEXT NOT NULL,
	CONSTRAINT pk_sale_tender PRIMARY KEY (shop, sale, n)
)
 STRICT

;

CREATE TABLE secret (
	name TEXT NOT NULL,
	sealed BLOB NOT NULL,
	CONSTRAINT pk_secret PRIMARY KEY (name)
)
 STRICT

;

CREATE TABLE setting (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	"key" TEXT NOT NULL,
	version TEXT NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_setting PRIMARY KEY (shop, owner, "key")
)
 STRICT

;

CREATE TABLE shift_closed (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	person TEXT NOT NULL,
	counted INTEGER NOT NULL,
	expected INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_shift_closed PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE TABLE shift_opened (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	drawer TEXT NOT NULL,
	person TEXT NOT NULL,
	float_fen INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_shift_opened PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE TABLE taking (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	n INTEGER NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	what TEXT NOT NULL,
	tender TEXT NOT NULL,
	taken INTEGER NOT NULL,
	given INTEGER NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	CONSTRAINT pk_taking PRIMARY KEY (shop, fact, n)
)
 STRICT

;

CREATE TABLE taxonomy_node (
	shop TEXT NOT NULL,
	code TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	name TEXT NOT NULL,
	parent TEXT NOT NULL,
	taxonomy TEXT NOT NULL,
	CONSTRAINT pk_taxonomy_node PRIMARY KEY (shop, code, owner)
)
 STRICT

;

CREATE TABLE turnover (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	person TEXT NOT NULL,
	channel TEXT NOT NULL,
	gross INTEGER NOT NULL,
	refunds INTEGER NOT NULL,
	rounding INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	CONSTRAINT pk_turnover PRIMARY KEY (shop, fact)
)
 STRICT

;

CREATE INDEX ix_barcode_product ON barcode (shop, product);

CREATE INDEX ix_basket_end_basket ON basket_end (shop, basket);

CREATE INDEX ix_counter_act_day ON counter_act (shop, till, day);

CREATE INDEX ix_entry_order ON entry (order_ms, journal, seq);

CREATE INDEX ix_lot_product ON lot (shop, product);

CREATE INDEX ix_movement_product ON movement (shop, product, order_ms);

CREATE INDEX ix_print_job_state ON print_job (state, printer, id);

CREATE INDEX ix_reprint_sale ON reprint (shop, sale);

CREATE INDEX ix_sale_by_number ON sale (shop, number);

CREATE INDEX ix_sale_line_product ON sale_line (shop, product);

CREATE INDEX ix_sale_number ON sale (shop, till, day, series, sequence);

CREATE INDEX ix_sale_order ON sale (shop, till, order_ms);

CREATE INDEX ix_shift_closed_shift ON shift_closed (shop, shift);

CREATE INDEX ix_shift_opened_till ON shift_opened (shop, till, order_ms);

CREATE INDEX ix_taking_day ON taking (shop, till, day);

CREATE INDEX ix_taking_shift ON taking (shop, till, shift);

CREATE INDEX ix_turnover_day ON turnover (shop, till, day);
