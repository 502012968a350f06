DROP TABLE lot;

DROP TABLE movement;

DROP TABLE on_hand;

DROP TABLE sale_line;

DROP TABLE shift_closed;

DROP TABLE turnover;

CREATE TABLE acknowledged (
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	hub_ms INTEGER NOT NULL,
	heard_ms INTEGER NOT NULL,
	evidence BLOB NOT NULL,
	CONSTRAINT pk_acknowledged PRIMARY KEY (journal)
)
 STRICT;

CREATE TABLE attachment (
	name TEXT NOT NULL,
	subject TEXT NOT NULL,
	content BLOB NOT NULL,
	made_ms INTEGER NOT NULL,
	CONSTRAINT pk_attachment PRIMARY KEY (name)
)
 STRICT;

CREATE TABLE attachment_sent (
	name TEXT NOT NULL,
	state TEXT NOT NULL,
	heard_ms INTEGER NOT NULL,
	CONSTRAINT pk_attachment_sent PRIMARY KEY (name)
)
 STRICT;

CREATE TABLE basket_taken (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	held TEXT NOT NULL,
	basket TEXT NOT NULL,
	goes_on TEXT NOT NULL,
	first TEXT NOT NULL,
	till TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_basket_taken PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE bill_difference (
	day TEXT NOT NULL,
	tender TEXT NOT NULL,
	n INTEGER NOT NULL,
	kind TEXT NOT NULL,
	out_trade_no TEXT NOT NULL,
	out_refund_no TEXT NOT NULL,
	attempt TEXT NOT NULL,
	ours INTEGER NOT NULL,
	theirs INTEGER NOT NULL,
	found_ms INTEGER NOT NULL,
	settled INTEGER NOT NULL,
	CONSTRAINT pk_bill_difference PRIMARY KEY (day, tender, n)
)
 STRICT;

CREATE TABLE count_close (
	shop TEXT NOT NULL,
	document TEXT NOT NULL,
	fact TEXT NOT NULL,
	count TEXT NOT NULL,
	journal TEXT NOT NULL,
	until_ms INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_count_close PRIMARY KEY (shop, document)
)
 STRICT;

CREATE TABLE count_entry (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	count TEXT NOT NULL,
	zone TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	replaces INTEGER NOT NULL,
	recount INTEGER NOT NULL,
	undoes TEXT NOT NULL,
	since_ms INTEGER NOT NULL,
	bundle TEXT NOT NULL,
	known INTEGER NOT NULL,
	counter TEXT NOT NULL,
	sheet INTEGER NOT NULL,
	paper TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	CONSTRAINT pk_count_entry PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE count_known (
	shop TEXT NOT NULL,
	document TEXT NOT NULL,
	journal TEXT NOT NULL,
	known_ms INTEGER NOT NULL,
	CONSTRAINT pk_count_known PRIMARY KEY (shop, document, journal)
)
 STRICT;

CREATE TABLE count_line (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	n INTEGER NOT NULL,
	count TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	place TEXT NOT NULL,
	counted INTEGER NOT NULL,
	book INTEGER NOT NULL,
	unit_cost INTEGER NOT NULL,
	moment_ms INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_count_line PRIMARY KEY (shop, fact, n)
)
 STRICT;

CREATE TABLE count_posting (
	document TEXT NOT NULL,
	part INTEGER NOT NULL,
	count TEXT NOT NULL,
	content TEXT NOT NULL,
	CONSTRAINT pk_count_posting PRIMARY KEY (document, part)
)
 STRICT;

CREATE TABLE count_sheet (
	shop TEXT NOT NULL,
	sheet TEXT NOT NULL,
	fact TEXT NOT NULL,
	line INTEGER NOT NULL,
	count TEXT NOT NULL,
	zone TEXT NOT NULL,
	product TEXT NOT NULL,
	till TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_count_sheet PRIMARY KEY (shop, sheet, fact, line)
)
 STRICT;

CREATE TABLE counted (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	place TEXT NOT NULL,
	version TEXT NOT NULL,
	document TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	moment_ms INTEGER NOT NULL,
	CONSTRAINT pk_counted PRIMARY KEY (shop, owner, product, lot, place)
)
 STRICT;

CREATE TABLE date_check (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	lot TEXT NOT NULL,
	product TEXT NOT NULL,
	person TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_date_check PRIMARY KEY (shop, fact, lot)
)
 STRICT;

CREATE TABLE difference_confirmed (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	person TEXT NOT NULL,
	difference INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_difference_confirmed PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE dispatch (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	document TEXT NOT NULL,
	number TEXT NOT NULL,
	source TEXT NOT NULL,
	supplier TEXT NOT NULL,
	waybill TEXT NOT NULL,
	sender_key TEXT NOT NULL,
	person TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_dispatch PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE drawer_count (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	person TEXT NOT NULL,
	counted INTEGER NOT NULL,
	expected INTEGER NOT NULL,
	verifies INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_drawer_count PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE expected_line (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	line INTEGER NOT NULL,
	document TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	place TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	unit_cost INTEGER NOT NULL,
	batch TEXT NOT NULL,
	made TEXT NOT NULL,
	expires TEXT NOT NULL,
	certificate TEXT NOT NULL,
	village TEXT NOT NULL,
	report TEXT NOT NULL,
	level TEXT NOT NULL,
	floor INTEGER NOT NULL,
	supplier TEXT NOT NULL,
	box TEXT NOT NULL,
	CONSTRAINT pk_expected_line PRIMARY KEY (shop, fact, line)
)
 STRICT;

CREATE TABLE hub_link (
	journal TEXT NOT NULL,
	address TEXT NOT NULL,
	hub_key TEXT NOT NULL,
	incarnation TEXT NOT NULL,
	joined_ms INTEGER NOT NULL,
	authority TEXT NOT NULL,
	sealing_key TEXT NOT NULL,
	CONSTRAINT pk_hub_link PRIMARY KEY (journal)
)
 STRICT;

CREATE TABLE invoice_buyer (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	document TEXT NOT NULL,
	version TEXT NOT NULL,
	buyer TEXT NOT NULL,
	buyer_kind TEXT NOT NULL,
	CONSTRAINT pk_invoice_buyer PRIMARY KEY (shop, owner, document)
)
 STRICT;

CREATE TABLE invoice_document (
	shop TEXT NOT NULL,
	document TEXT NOT NULL,
	kind TEXT NOT NULL,
	invoice TEXT NOT NULL,
	sale TEXT NOT NULL,
	number TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	person TEXT NOT NULL,
	reason TEXT NOT NULL,
	amount INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_invoice_document PRIMARY KEY (shop, document)
)
 STRICT;

CREATE TABLE invoice_export (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	person TEXT NOT NULL,
	from_day TEXT NOT NULL,
	to_day TEXT NOT NULL,
	count INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_invoice_export PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE invoice_line (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	line INTEGER NOT NULL,
	document TEXT NOT NULL,
	product TEXT NOT NULL,
	name TEXT NOT NULL,
	spec TEXT NOT NULL,
	unit TEXT NOT NULL,
	weighed INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	tax_code TEXT NOT NULL,
	tax_name TEXT NOT NULL,
	rate INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	CONSTRAINT pk_invoice_line PRIMARY KEY (shop, fact, line)
)
 STRICT;

CREATE TABLE invoice_now (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	document TEXT NOT NULL,
	version TEXT NOT NULL,
	state TEXT NOT NULL,
	request_no TEXT NOT NULL,
	invoice_no TEXT NOT NULL,
	issued INTEGER NOT NULL,
	reason TEXT NOT NULL,
	since_ms INTEGER NOT NULL,
	CONSTRAINT pk_invoice_now PRIMARY KEY (shop, owner, document)
)
 STRICT;

CREATE TABLE invoice_step (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	document TEXT NOT NULL,
	state TEXT NOT NULL,
	request_no TEXT NOT NULL,
	reason TEXT NOT NULL,
	person TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_invoice_step PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE label_log (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	label TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	zone TEXT NOT NULL,
	price INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	code TEXT NOT NULL,
	copies INTEGER NOT NULL,
	serial_from INTEGER NOT NULL,
	serial_to INTEGER NOT NULL,
	today TEXT NOT NULL,
	person TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_label_log PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE ledger_account (
	shop TEXT NOT NULL,
	account TEXT NOT NULL,
	principal INTEGER NOT NULL,
	bonus INTEGER NOT NULL,
	used INTEGER NOT NULL,
	returned INTEGER NOT NULL,
	kept INTEGER NOT NULL,
	CONSTRAINT pk_ledger_account PRIMARY KEY (shop, account)
)
 STRICT;

CREATE TABLE ledger_move (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	n INTEGER NOT NULL,
	account TEXT NOT NULL,
	kind TEXT NOT NULL,
	member TEXT NOT NULL,
	what TEXT NOT NULL,
	principal INTEGER NOT NULL,
	bonus INTEGER NOT NULL,
	used INTEGER NOT NULL,
	returned INTEGER NOT NULL,
	kept INTEGER NOT NULL,
	note TEXT NOT NULL,
	person TEXT NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_ledger_move PRIMARY KEY (shop, fact, n)
)
 STRICT;

CREATE TABLE listed_price (
	shop TEXT NOT NULL,
	product TEXT NOT NULL,
	document TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	price INTEGER NOT NULL,
	floor INTEGER NOT NULL,
	CONSTRAINT pk_listed_price PRIMARY KEY (shop, product, document, owner)
)
 STRICT;

CREATE TABLE lot (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	lot TEXT NOT NULL,
	version TEXT NOT NULL,
	fact TEXT NOT NULL,
	product TEXT NOT NULL,
	batch TEXT NOT NULL,
	unit_cost INTEGER NOT NULL,
	made TEXT NOT NULL,
	expires TEXT NOT NULL,
	certificate TEXT NOT NULL,
	village TEXT NOT NULL,
	report TEXT NOT NULL,
	level TEXT NOT NULL,
	floor INTEGER NOT NULL,
	supplier TEXT NOT NULL,
	received_ms INTEGER NOT NULL,
	CONSTRAINT pk_lot PRIMARY KEY (shop, owner, lot)
)
 STRICT;

CREATE TABLE member (
	shop TEXT NOT NULL,
	member TEXT NOT NULL,
	till TEXT NOT NULL,
	number TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	person TEXT NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_member PRIMARY KEY (shop, member)
)
 STRICT;

CREATE TABLE member_end (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	member TEXT NOT NULL,
	person TEXT NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_member_end PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE member_lookup (
	member TEXT NOT NULL,
	phone TEXT NOT NULL,
	tail TEXT NOT NULL,
	CONSTRAINT pk_member_lookup PRIMARY KEY (member)
)
 STRICT;

CREATE TABLE member_profile (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	member TEXT NOT NULL,
	version TEXT NOT NULL,
	profile TEXT NOT NULL,
	consents TEXT NOT NULL,
	CONSTRAINT pk_member_profile PRIMARY KEY (shop, owner, member)
)
 STRICT;

CREATE TABLE member_shown (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	member TEXT NOT NULL,
	what TEXT NOT NULL,
	count INTEGER NOT NULL,
	person TEXT NOT NULL,
	approver TEXT NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_member_shown PRIMARY KEY (shop, fact)
)
 STRICT;

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
	journal TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	written_ms INTEGER NOT NULL,
	CONSTRAINT pk_movement PRIMARY KEY (shop, fact, n)
)
 STRICT;

CREATE TABLE on_hand (
	shop TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	place TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	CONSTRAINT pk_on_hand PRIMARY KEY (shop, product, lot, place)
)
 WITHOUT ROWID,
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

CREATE TABLE points (
	shop TEXT NOT NULL,
	member TEXT NOT NULL,
	points INTEGER NOT NULL,
	CONSTRAINT pk_points PRIMARY KEY (shop, member)
)
 STRICT;

CREATE TABLE points_move (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	what TEXT NOT NULL,
	member TEXT NOT NULL,
	points INTEGER NOT NULL,
	reason TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_points_move PRIMARY KEY (shop, fact, what)
)
 STRICT;

CREATE TABLE price_charged (
	shop TEXT NOT NULL,
	sale TEXT NOT NULL,
	line INTEGER NOT NULL,
	product TEXT NOT NULL,
	price INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_price_charged PRIMARY KEY (shop, sale, line)
)
 STRICT;

CREATE TABLE price_list (
	shop TEXT NOT NULL,
	document TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	customers TEXT NOT NULL,
	zone TEXT NOT NULL,
	from_ms INTEGER NOT NULL,
	to_ms INTEGER NOT NULL,
	CONSTRAINT pk_price_list PRIMARY KEY (shop, document, owner)
)
 STRICT;

CREATE TABLE price_list_end (
	shop TEXT NOT NULL,
	document TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_price_list_end PRIMARY KEY (shop, document, owner)
)
 STRICT;

CREATE TABLE promotion (
	shop TEXT NOT NULL,
	code TEXT NOT NULL,
	owner TEXT NOT NULL,
	version TEXT NOT NULL,
	document TEXT NOT NULL,
	content TEXT NOT NULL,
	withdrawn INTEGER NOT NULL,
	CONSTRAINT pk_promotion PRIMARY KEY (shop, code, owner)
)
 STRICT;

CREATE TABLE promotion_used (
	shop TEXT NOT NULL,
	sale TEXT NOT NULL,
	code TEXT NOT NULL,
	member TEXT NOT NULL,
	times INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_promotion_used PRIMARY KEY (shop, sale, code)
)
 STRICT;

CREATE TABLE recall (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	recall TEXT NOT NULL,
	version TEXT NOT NULL,
	number TEXT NOT NULL,
	product TEXT NOT NULL,
	batches TEXT NOT NULL,
	level TEXT NOT NULL,
	ended INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_recall PRIMARY KEY (shop, owner, recall)
)
 STRICT;

CREATE TABLE recall_found (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	recall TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_recall_found PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE received_aside (
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	hash BLOB NOT NULL,
	sig BLOB NOT NULL,
	content BLOB NOT NULL,
	reason TEXT NOT NULL,
	received_ms INTEGER NOT NULL,
	CONSTRAINT pk_received_aside PRIMARY KEY (journal, seq, hash)
)
 STRICT;

CREATE TABLE received_feed (
	scope TEXT NOT NULL,
	arrived INTEGER NOT NULL,
	what TEXT NOT NULL,
	incarnation TEXT NOT NULL,
	version INTEGER NOT NULL,
	part INTEGER NOT NULL,
	parts INTEGER NOT NULL,
	stands TEXT NOT NULL,
	issued_ms INTEGER NOT NULL,
	expires_ms INTEGER NOT NULL,
	received_ms INTEGER NOT NULL,
	state TEXT NOT NULL,
	reason TEXT NOT NULL,
	hash BLOB NOT NULL,
	sig BLOB NOT NULL,
	content BLOB NOT NULL,
	CONSTRAINT pk_received_feed PRIMARY KEY (scope, arrived)
)
 STRICT;

CREATE TABLE received_line (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	line INTEGER NOT NULL,
	document TEXT NOT NULL,
	dispatch TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	expected INTEGER NOT NULL,
	reason TEXT NOT NULL,
	box TEXT NOT NULL,
	CONSTRAINT pk_received_line PRIMARY KEY (shop, fact, line)
)
 STRICT;

CREATE TABLE reduction_given (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	kind TEXT NOT NULL,
	till TEXT NOT NULL,
	shift TEXT NOT NULL,
	person TEXT NOT NULL,
	times INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	CONSTRAINT pk_reduction_given PRIMARY KEY (shop, fact, kind)
)
 STRICT;

CREATE TABLE refund (
	shop TEXT NOT NULL,
	refund TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	series TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	number TEXT NOT NULL,
	person TEXT NOT NULL,
	channel TEXT NOT NULL,
	member TEXT NOT NULL,
	sale TEXT NOT NULL,
	amount INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	invoiced INTEGER NOT NULL,
	self_approved INTEGER NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_refund PRIMARY KEY (shop, refund)
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

CREATE TABLE refund_line (
	shop TEXT NOT NULL,
	refund TEXT NOT NULL,
	line INTEGER NOT NULL,
	sale TEXT NOT NULL,
	original_line INTEGER NOT NULL,
	product TEXT NOT NULL,
	name TEXT NOT NULL,
	unit TEXT NOT NULL,
	weighed INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	cost INTEGER NOT NULL,
	tax_class TEXT NOT NULL,
	tax_rate INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	brand TEXT NOT NULL,
	category TEXT NOT NULL,
	brand_town TEXT NOT NULL,
	three_origin TEXT NOT NULL,
	tier TEXT NOT NULL,
	kind TEXT NOT NULL,
	reason TEXT NOT NULL,
	disposition TEXT NOT NULL,
	CONSTRAINT pk_refund_line PRIMARY KEY (shop, refund, line)
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

CREATE TABLE refund_tender (
	shop TEXT NOT NULL,
	refund TEXT NOT NULL,
	n INTEGER NOT NULL,
	sale TEXT NOT NULL,
	tender TEXT NOT NULL,
	amount INTEGER NOT NULL,
	reference TEXT NOT NULL,
	attempt TEXT NOT NULL,
	account TEXT NOT NULL,
	CONSTRAINT pk_refund_tender PRIMARY KEY (shop, refund, n)
)
 STRICT;

CREATE TABLE report_day (
	shop TEXT NOT NULL,
	day TEXT NOT NULL,
	form INTEGER NOT NULL,
	papers INTEGER NOT NULL,
	CONSTRAINT pk_report_day PRIMARY KEY (shop, day)
)
 STRICT;

CREATE TABLE report_goods (
	goods INTEGER NOT NULL,
	product TEXT NOT NULL,
	category TEXT NOT NULL,
	brand TEXT NOT NULL,
	brand_town TEXT NOT NULL,
	three_origin TEXT NOT NULL,
	tier TEXT NOT NULL,
	kind TEXT NOT NULL,
	CONSTRAINT pk_report_goods PRIMARY KEY (goods)
)
 STRICT;

CREATE TABLE report_head (
	shop TEXT NOT NULL,
	day TEXT NOT NULL,
	till TEXT NOT NULL,
	person TEXT NOT NULL,
	channel TEXT NOT NULL,
	hour INTEGER NOT NULL,
	sales INTEGER NOT NULL,
	due INTEGER NOT NULL,
	rounding INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	refunds INTEGER NOT NULL,
	back INTEGER NOT NULL,
	back_tax INTEGER NOT NULL,
	CONSTRAINT pk_report_head PRIMARY KEY (shop, day, till, person, channel, hour)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE report_line (
	shop TEXT NOT NULL,
	day TEXT NOT NULL,
	goods INTEGER NOT NULL,
	till TEXT NOT NULL,
	person TEXT NOT NULL,
	channel TEXT NOT NULL,
	lines INTEGER NOT NULL,
	quantity INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	paid INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	cost INTEGER NOT NULL,
	back_lines INTEGER NOT NULL,
	back_quantity INTEGER NOT NULL,
	back INTEGER NOT NULL,
	back_tax INTEGER NOT NULL,
	back_cost INTEGER NOT NULL,
	CONSTRAINT pk_report_line PRIMARY KEY (shop, day, goods, till, person, channel)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE report_moved (
	form INTEGER NOT NULL,
	shop TEXT NOT NULL,
	product TEXT NOT NULL,
	month TEXT NOT NULL,
	came INTEGER NOT NULL,
	came_value INTEGER NOT NULL,
	other INTEGER NOT NULL,
	CONSTRAINT pk_report_moved PRIMARY KEY (form, shop, product, month)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE report_moved_until (
	form INTEGER NOT NULL,
	shop TEXT NOT NULL,
	journal TEXT NOT NULL,
	written_ms INTEGER NOT NULL,
	CONSTRAINT pk_report_moved_until PRIMARY KEY (form, shop, journal)
)
 STRICT;

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
	cost INTEGER NOT NULL,
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
 STRICT;

CREATE TABLE self_approval (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	person TEXT NOT NULL,
	action TEXT NOT NULL,
	amount INTEGER NOT NULL,
	reason TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_self_approval PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE self_approval_review (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	approval TEXT NOT NULL,
	person TEXT NOT NULL,
	answer TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_self_approval_review PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE sent_line (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	line INTEGER NOT NULL,
	document TEXT NOT NULL,
	target TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	box TEXT NOT NULL,
	CONSTRAINT pk_sent_line PRIMARY KEY (shop, fact, line)
)
 STRICT;

CREATE TABLE settled_line (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	n INTEGER NOT NULL,
	document TEXT NOT NULL,
	product TEXT NOT NULL,
	lot TEXT NOT NULL,
	arrived INTEGER NOT NULL,
	lost INTEGER NOT NULL,
	reason TEXT NOT NULL,
	person TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_settled_line PRIMARY KEY (shop, fact, n)
)
 STRICT;

CREATE TABLE shelf_tag (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	product TEXT NOT NULL,
	zone TEXT NOT NULL,
	label TEXT NOT NULL,
	version TEXT NOT NULL,
	fact TEXT NOT NULL,
	price INTEGER NOT NULL,
	valid_from TEXT NOT NULL,
	valid_to TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_shelf_tag PRIMARY KEY (shop, owner, product, zone, label)
)
 STRICT;

CREATE TABLE shift_closed (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	person TEXT NOT NULL,
	counted INTEGER NOT NULL,
	expected INTEGER NOT NULL,
	uncounted INTEGER NOT NULL,
	unconfirmed INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_shift_closed PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE shift_counted (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	person TEXT NOT NULL,
	counted INTEGER NOT NULL,
	expected INTEGER NOT NULL,
	unconfirmed INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_shift_counted PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE stock_count (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	zone TEXT NOT NULL,
	count TEXT NOT NULL,
	place TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	person TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_stock_count PRIMARY KEY (shop, fact, zone)
)
 STRICT;

CREATE TABLE stock_document (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	document TEXT NOT NULL,
	kind TEXT NOT NULL,
	party TEXT NOT NULL,
	number TEXT NOT NULL,
	waybill TEXT NOT NULL,
	temperature TEXT NOT NULL,
	day TEXT NOT NULL,
	person TEXT NOT NULL,
	approval_no TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_stock_document PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE stock_draft (
	document TEXT NOT NULL,
	kind TEXT NOT NULL,
	content TEXT NOT NULL,
	person TEXT NOT NULL,
	changed_ms INTEGER NOT NULL,
	CONSTRAINT pk_stock_draft PRIMARY KEY (document)
)
 STRICT;

CREATE TABLE stock_order (
	shop TEXT NOT NULL,
	owner TEXT NOT NULL,
	document TEXT NOT NULL,
	version TEXT NOT NULL,
	number TEXT NOT NULL,
	supplier TEXT NOT NULL,
	person TEXT NOT NULL,
	ended INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_stock_order PRIMARY KEY (shop, owner, document)
)
 STRICT;

CREATE TABLE stock_order_line (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	line INTEGER NOT NULL,
	document TEXT NOT NULL,
	product TEXT NOT NULL,
	quantity INTEGER NOT NULL,
	suggested INTEGER NOT NULL,
	CONSTRAINT pk_stock_order_line PRIMARY KEY (shop, fact, line)
)
 STRICT;

CREATE TABLE subject_key (
	subject TEXT NOT NULL,
	sealed BLOB NOT NULL,
	CONSTRAINT pk_subject_key PRIMARY KEY (subject)
)
 STRICT;

CREATE TABLE tab_line (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	n INTEGER NOT NULL,
	tab TEXT NOT NULL,
	what TEXT NOT NULL,
	amount INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_tab_line PRIMARY KEY (shop, fact, n)
)
 STRICT;

CREATE TABLE tab_name (
	tab TEXT NOT NULL,
	sealed BLOB NOT NULL,
	CONSTRAINT pk_tab_name PRIMARY KEY (tab)
)
 STRICT;

CREATE TABLE tab_opened (
	shop TEXT NOT NULL,
	tab TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	person TEXT NOT NULL,
	room TEXT NOT NULL,
	check_out TEXT NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_tab_opened PRIMARY KEY (shop, tab)
)
 STRICT;

CREATE TABLE tag_charge (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	n INTEGER NOT NULL,
	tag TEXT NOT NULL,
	product TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_tag_charge PRIMARY KEY (shop, fact, n)
)
 STRICT;

CREATE TABLE tax_taken (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	tax_class TEXT NOT NULL,
	rate INTEGER NOT NULL,
	till TEXT NOT NULL,
	paid INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	CONSTRAINT pk_tax_taken PRIMARY KEY (shop, fact, tax_class, rate)
)
 STRICT;

CREATE TABLE tender_correction (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	sale TEXT NOT NULL,
	person TEXT NOT NULL,
	"before" TEXT NOT NULL,
	"after" TEXT NOT NULL,
	amount INTEGER NOT NULL,
	reference TEXT NOT NULL,
	order_ms INTEGER NOT NULL,
	CONSTRAINT pk_tender_correction PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE turnover (
	shop TEXT NOT NULL,
	fact TEXT NOT NULL,
	till TEXT NOT NULL,
	day TEXT NOT NULL,
	shift TEXT NOT NULL,
	person TEXT NOT NULL,
	channel TEXT NOT NULL,
	sales INTEGER NOT NULL,
	gross INTEGER NOT NULL,
	refunds INTEGER NOT NULL,
	rounding INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	journal TEXT NOT NULL,
	seq INTEGER NOT NULL,
	CONSTRAINT pk_turnover PRIMARY KEY (shop, fact)
)
 STRICT;

CREATE TABLE wallet_code (
	digest TEXT NOT NULL,
	attempt TEXT NOT NULL,
	CONSTRAINT pk_wallet_code PRIMARY KEY (digest)
)
 STRICT;

CREATE INDEX ix_attachment_subject ON attachment (subject);

CREATE INDEX ix_basket_taken_basket ON basket_taken (basket);

CREATE INDEX ix_basket_taken_held ON basket_taken (shop, held);

CREATE INDEX ix_count_close_count ON count_close (shop, count);

CREATE INDEX ix_count_entry_count ON count_entry (shop, count, order_ms);

CREATE INDEX ix_count_line_count ON count_line (shop, count);

CREATE INDEX ix_date_check_lot ON date_check (shop, lot);

CREATE INDEX ix_difference_confirmed_shift ON difference_confirmed (shop, shift);

CREATE INDEX ix_dispatch_document ON dispatch (shop, document);

CREATE INDEX ix_dispatch_number ON dispatch (shop, number);

CREATE INDEX ix_drawer_count_shift ON drawer_count (shop, shift);

CREATE INDEX ix_entry_kind ON entry (kind, order_ms, journal, seq);

CREATE INDEX ix_entry_staff ON entry (substr(CAST(substr(content, instr(content, CAST('"staff":"' AS BLOB)) + 9, 9) AS TEXT), 1, instr(CAST(substr(content, instr(content, CAST('"staff":"' AS BLOB)) + 9, 9) AS TEXT), '"') - 1), order_ms, journal, seq, kind);

CREATE INDEX ix_expected_line_document ON expected_line (shop, document);

CREATE INDEX ix_invoice_document_invoice ON invoice_document (shop, invoice);

CREATE INDEX ix_invoice_document_order ON invoice_document (shop, order_ms);

CREATE INDEX ix_invoice_document_sale ON invoice_document (shop, sale);

CREATE INDEX ix_invoice_line_document ON invoice_line (shop, document);

CREATE INDEX ix_invoice_now_state ON invoice_now (shop, state);

CREATE INDEX ix_invoice_step_document ON invoice_step (shop, document);

CREATE INDEX ix_label_log_code ON label_log (shop, code, order_ms);

CREATE INDEX ix_label_log_product ON label_log (shop, product, label, order_ms);

CREATE INDEX ix_ledger_move_account ON ledger_move (shop, account);

CREATE INDEX ix_ledger_move_member ON ledger_move (shop, member);

CREATE INDEX ix_lot_product ON lot (shop, product);

CREATE INDEX ix_member_end_member ON member_end (shop, member);

CREATE INDEX ix_member_lookup_phone ON member_lookup (phone);

CREATE INDEX ix_member_lookup_tail ON member_lookup (tail);

CREATE INDEX ix_member_number ON member (shop, number);

CREATE INDEX ix_member_shown_member ON member_shown (shop, member);

CREATE INDEX ix_movement_counted ON movement (shop, journal, written_ms) WHERE reason = 'counted';

CREATE INDEX ix_movement_journal ON movement (shop, journal, written_ms);

CREATE INDEX ix_movement_product ON movement (shop, product, order_ms);

CREATE INDEX ix_payment_attempt_basket ON payment_attempt (shop, basket);

CREATE INDEX ix_payment_attempt_day ON payment_attempt (shop, day);

CREATE INDEX ix_payment_attempt_out_trade_no ON payment_attempt (shop, out_trade_no);

CREATE INDEX ix_payment_now_state ON payment_now (shop, state);

CREATE INDEX ix_payment_step_of ON payment_step (shop, attempt);

CREATE INDEX ix_points_move_member ON points_move (shop, member);

CREATE INDEX ix_price_charged_product ON price_charged (shop, product, order_ms, price);

CREATE INDEX ix_promotion_used_member ON promotion_used (shop, member, code);

CREATE INDEX ix_recall_found_recall ON recall_found (shop, recall);

CREATE INDEX ix_recall_product ON recall (shop, product);

CREATE INDEX ix_received_line_dispatch ON received_line (shop, dispatch);

CREATE INDEX ix_refund_attempt_attempt ON refund_attempt (shop, attempt);

CREATE INDEX ix_refund_attempt_refund ON refund_attempt (shop, refund);

CREATE INDEX ix_refund_by_number ON refund (shop, number);

CREATE INDEX ix_refund_line_sale ON refund_line (shop, sale, original_line);

CREATE INDEX ix_refund_now_state ON refund_now (shop, state);

CREATE INDEX ix_refund_number ON refund (shop, till, day, series, sequence);

CREATE INDEX ix_refund_sale ON refund (shop, sale);

CREATE INDEX ix_refund_step_of ON refund_step (shop, refund_attempt);

CREATE INDEX ix_refund_tender_sale ON refund_tender (shop, sale);

CREATE INDEX ix_refund_voucher ON refund_tender (shop, reference) WHERE tender = 'voucher';

CREATE UNIQUE INDEX ix_report_goods_said ON report_goods (product, category, brand, brand_town, three_origin, tier, kind);

CREATE INDEX ix_sale_line_product ON sale_line (shop, product);

CREATE INDEX ix_sale_voucher ON sale_tender (shop, reference) WHERE tender = 'voucher';

CREATE INDEX ix_sent_line_document ON sent_line (shop, document);

CREATE INDEX ix_settled_line_document ON settled_line (shop, document);

CREATE INDEX ix_shift_closed_shift ON shift_closed (shop, shift);

CREATE INDEX ix_shift_counted_shift ON shift_counted (shop, shift);

CREATE INDEX ix_stock_count_count ON stock_count (shop, count);

CREATE INDEX ix_stock_document_day ON stock_document (shop, kind, day);

CREATE INDEX ix_stock_document_document ON stock_document (shop, document);

CREATE INDEX ix_stock_order_line_document ON stock_order_line (shop, document);

CREATE INDEX ix_tab_line_tab ON tab_line (shop, tab);

CREATE INDEX ix_tab_opened_room ON tab_opened (shop, room);

CREATE INDEX ix_tag_charge_tag ON tag_charge (shop, tag);

CREATE INDEX ix_tender_correction_sale ON tender_correction (shop, sale);

CREATE INDEX ix_turnover_day ON turnover (shop, till, day);
