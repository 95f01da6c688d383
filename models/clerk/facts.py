"""What clerk is taught: every sentence here was written by hand for this project.

TERMS: word -> article form, other names, definitions (d), why it matters (w), who deals with it (u), an example (e).
Several definitions say the same thing in other words.
"""

TERMS = {}


def term(name, article=None, also=(), d=(), w=(), u=(), e=()):
    TERMS[name] = dict(name=name, article=article + " " + name if article else name, also=list(also),
                       d=list(d), w=list(w), u=list(u), e=list(e))


# --- parties -------------------------------------------------------------------------------------------------------
term("channel", "a", ["channels", "sales channel"],
     d=["A channel is a way in which customers buy access to a model: direct from its owner, or through a reseller.",
        "A channel says by which way a customer buys a model. There are two kinds: direct and reseller.",
        "In Dogana a channel is a selling way with its own agreement, its own price book and its own seller of record."],
     w=["Channels matter because the same model may be sold at different prices and under different agreements, so every call must know by which channel it came.",
        "Without channels nobody could say who sold a call, at which price, and who owes whom a share of it."],
     u=["The model owner and the reseller both work with channels, and every customer buys on one or more of them."],
     e=["For example, a customer may buy a model from its owner on the direct channel in the morning and through the cloud on the reseller channel in the afternoon."])
term("direct channel", "the", ["direct"],
     d=["The direct channel is the way in which a customer buys a model straight from its owner.",
        "On the direct channel the model owner sells to the customer itself and is the seller of record."],
     w=["The direct channel matters because the owner sets the price and the terms there without anybody in between."],
     u=["Customers who have an agreement with the model owner itself use the direct channel."],
     e=["For example, a company with a key from the model owner sends its calls on the direct channel and gets its invoice from that owner."])
term("reseller channel", "the", ["the cloud channel"],
     d=["The reseller channel is the way in which a customer buys a model through somebody else, such as a cloud.",
        "On the reseller channel a cloud or another partner sells the model, and it is the seller of record."],
     w=["The reseller channel matters because the reseller has its own agreement, its own prices and its own decision about a suspension."],
     u=["Customers of a cloud use the reseller channel, and the reseller settles with the model owner afterwards."],
     e=["For example, a customer whose direct account is suspended may still buy on the reseller channel when that channel's agreement allows it."])
term("reseller", "a", ["resellers"],
     d=["A reseller is a party that sells another company's models to its own customers, as a cloud does.",
        "A reseller buys access to models from their owner and sells it on, under its own name and price book."],
     w=["A reseller matters because it brings the model to more customers and shares the money with the owner."],
     u=["Customers deal with the reseller, and the model owner settles with it by a partner statement."],
     e=["For example, a cloud that offers another company's chat model in its own catalog is a reseller."])
term("seller of record", "the", ["seller"],
     d=["The seller of record is the party that sells to the customer in law and whose name stands on the invoice.",
        "The seller of record is the one who issues the invoice for a channel and collects the money."],
     w=["It matters because only the seller of record may bill the customer; everybody else gets a share by a partner statement."],
     u=["Billing uses the seller of record to decide who issues the invoice."],
     e=["For example, on the direct channel the model owner is the seller of record, and on the reseller channel it is the reseller."])
term("organisation", "an", ["organization", "org", "organisations"],
     d=["An organisation is a customer, a reseller or a model owner that Dogana knows by name and has an account for.",
        "An organisation is one party in Dogana, with its own projects, keys, users and invoices."],
     w=["Organisations matter because usage, money and rights all belong to one of them."],
     u=["An administrator opens an organisation before anybody in it can get a key."],
     e=["For example, a games company with two projects and nine keys is one organisation."])
term("family", "a", ["corporate family", "families", "company family"],
     d=["A family is a group of organisations that belong together because one owns or controls the others.",
        "A corporate family is a parent company with all the companies it controls; Dogana judges them together.",
        "A family is all the organisations under one ownership, so that a rule for one can reach its affiliates too."],
     w=["Families matter because a customer that was suspended could otherwise come back under the name of a sister company.",
        "The family matters because standing belongs to the family as a whole and not to one account."],
     u=["The people in charge of conduct look at the family before they decide on a measure."],
     e=["For example, a parent company and its three daughters are one family, and a suspension of the family reaches all four."])
term("affiliate", "an", ["affiliates"],
     d=["An affiliate is an organisation that belongs to the same corporate family as another one.",
        "An affiliate is a sister, mother or daughter company in the same family."],
     w=["Affiliates matter because a measure against a family reaches every affiliate in it."],
     u=["Conduct looks at affiliates when it carries a measure through a family."],
     e=["For example, two daughters of the same parent company are affiliates of each other."])
term("project", "a", ["projects"],
     d=["A project is a part of an organisation that has its own keys, quotas and costs.",
        "A project keeps the calls of one team or one application apart from the others in an organisation."],
     w=["Projects matter because they show which team spent what, and they let a limit hold for one team only."],
     u=["Teams inside a customer use projects."],
     e=["For example, the search team and the support team of one company each have a project of their own."])
term("user", "a", ["users"],
     d=["A user is a person who signs in to Dogana and has a role there.",
        "A user is a named person in an organisation, with a role that says what he or she may do."],
     w=["Users matter because the audit log must be able to say who changed something."],
     u=["Administrators invite users and give them roles."],
     e=["For example, an accountant may be a user who reads invoices but can't create keys."])
term("role", "a", ["roles"],
     d=["A role says what a user may see and do, for example to read invoices or to create keys.",
        "A role is a named set of rights that is given to a user."],
     w=["Roles matter because nobody should be able to do more than the work needs."],
     u=["Administrators give roles to users."],
     e=["For example, a user with the finance role reads statements, and a user with the operator role changes deployments."])
term("agreement", "an", ["agreements", "contract"],
     d=["An agreement is what two parties have promised each other: the models, the prices, the terms and the dates.",
        "An agreement ties a customer to a channel and says which models it may use, at which prices and under which usage terms."],
     w=["Agreements matter because they decide whether a suspension by the owner is binding on a channel or has to be reviewed."],
     u=["The seller and the customer sign the agreement, and Dogana enforces it on every call."],
     e=["For example, an agreement may say that a suspension by the owner is reviewed by the reseller within some hours."])
term("model owner", "a", ["owner", "owner of the model", "model owners"],
     d=["A model owner is the company that made a model and decides who may use it, and how.",
        "The model owner is the party that owns a model, sets its usage terms and gets a share of what others sell."],
     w=["The model owner matters because it may watch conduct, give notice and suspend a family."],
     u=["Resellers and customers both depend on the model owner."],
     e=["For example, a company that trains a chat model and lets a cloud sell it stays the model owner."])
term("customer", "a", ["customers"],
     d=["A customer is an organisation that pays for calls to models.",
        "A customer is a party that buys access to models on a channel and gets an invoice for it."],
     w=["Customers matter because each of them has its own prices, limits, standing and invoices."],
     u=["Sellers serve customers, and every key belongs to one customer."],
     e=["For example, a video company that pays for ten million tokens a day is a customer."])

# --- catalog -------------------------------------------------------------------------------------------------------
term("catalog", "the", ["catalogue"],
     d=["The catalog is the list of model owners, models, versions, usage terms, markets, upstreams and deployments.",
        "The catalog says which models there are, whose they are, where they may be served and through which upstream."],
     w=["The catalog matters because a model that is not in it can't be called, priced or served."],
     u=["Operators fill the catalog with dogana apply, and the gateway reads it for every call."],
     e=["For example, a new version of a model first gets an entry in the catalog and then a release wave."])
term("model", "a", ["models"],
     d=["A model is a program that turns a prompt into an answer; in Dogana it has an owner, versions, terms and prices.",
        "A model is what customers call: it reads a prompt and writes an answer, token by token."],
     w=["Models matter because they are the goods that pass through the customs house."],
     u=["Customers call models, and their owners decide about the terms."],
     e=["For example, a chat model with two versions is one model with two entries in the catalog."])
term("deployment", "a", ["deployments"],
     d=["A deployment is a named place where a customer can call one version of a model, with its own limits.",
        "A deployment binds a name that the customer uses to a model version and to the upstreams that serve it."],
     w=["Deployments matter because a customer can keep its name while the model or the upstream behind it changes."],
     u=["Operators create deployments, and applications name them in their calls."],
     e=["For example, a customer may call the deployment named chat, and behind it stands one version of a model on two upstreams."])
term("upstream", "an", ["upstreams"],
     d=["An upstream is a server behind Dogana that really runs a model and answers the call.",
        "An upstream is the place that Dogana sends a call to: a provider's address, an inference server, or the engine inside Dogana."],
     w=["Upstreams matter because they cost money, can be slow or broken, and have limits of their own."],
     u=["The gateway chooses an upstream for each call by its health and its free capacity."],
     e=["For example, one deployment may have an upstream at a cloud and another one on a server of its own for spillover."])
term("release wave", "a", ["release waves", "wave"],
     d=["A release wave says which customers may deploy a new model, and from which day on.",
        "A release wave is a group of customers that gets a new model at the same time."],
     w=["Release waves matter because customers on one channel may be promised the newest models first."],
     u=["Model owners plan the release waves, and Dogana holds everybody to them."],
     e=["For example, the first wave may open on Monday for the customers of a cloud and the second wave a month later for all."])
term("market", "a", ["markets"],
     d=["A market is a country or region in which a model may or may not be served.",
        "A market is the place a customer is served in; market rules say which models are allowed there, and on which channel."],
     w=["Markets matter because a model may be open in one country and closed in another, and the law looks at both."],
     u=["The gateway checks the market of every call before it holds any money."],
     e=["For example, a model may be closed on the direct channel in one country and still be sold there through a reseller."])
term("market rule", "a", ["market rules"],
     d=["A market rule says whether a model may be served in a market, by country, ownership, model and channel.",
        "A market rule allows or forbids a model for customers in one market on one channel."],
     w=["Market rules matter because serving a model in the wrong place can break the law or an agreement."],
     u=["Compliance people write market rules, and the gateway applies them."],
     e=["For example, a market rule may close the direct channel of one owner for a whole country."])
term("usage terms", "", ["terms", "terms of use"],
     d=["Usage terms say what a customer may do with the outputs of a model.",
        "Usage terms are rules kept as data: four flags say whether outputs may be served, logged, used to evaluate, or used to train."],
     w=["Usage terms matter because most owners forbid customers to build a competing model with the outputs."],
     u=["Model owners write usage terms, and customers accept them before their first call."],
     e=["For example, the terms may allow a customer to serve and log outputs but not to train on them."])
term("engine", "the", ["embedded engine"],
     d=["The engine runs small models inside Dogana itself, without any other server.",
        "The engine is the part of Dogana that loads a model file and answers calls in the same process."],
     w=["The engine matters because a demo and the tests need a real model even when no provider can be reached."],
     u=["Operators use the engine for trials, and I run on it myself."],
     e=["For example, the demo starts the engine with a tiny model called clerk, and that model is me."])

# --- the way of a call ---------------------------------------------------------------------------------------------
term("gateway", "the", ["the way of a call's gateway"],
     d=["The gateway is the part of Dogana that takes a call, checks it, sends it to an upstream and brings the answer back.",
        "The gateway is the door through which every call passes; it speaks the ways of OpenAI, Azure OpenAI and Anthropic."],
     w=["The gateway matters because nothing may pass without being weighed, charged, checked and stamped."],
     u=["Every application of a customer talks to the gateway."],
     e=["For example, a program made for OpenAI only changes its address and its key, and then it talks to the gateway."])
term("dialect", "a", ["dialects"],
     d=["A dialect is the form in which a client writes its calls: OpenAI, Azure OpenAI or Anthropic.",
        "A dialect is one provider's way of writing requests and answers, and Dogana understands three of them."],
     w=["Dialects matter because customers can keep the client libraries they already have."],
     u=["Application developers choose the dialect by the address they call."],
     e=["For example, a call to the messages address is in the dialect of Anthropic."])
term("key", "a", ["keys", "api key"],
     d=["A key is a secret that a program sends with each call so that Dogana knows whose call it is.",
        "A key is a credential of a project: from it Dogana finds the organisation, the family and the channel."],
     w=["Keys matter because without one a call can't be identified, and so it is refused."],
     u=["Administrators create keys with dogana key, and programs send them."],
     e=["For example, a team gets a new key, uses it for a year, and then revokes it."])
term("quota", "a", ["quotas", "rate limit"],
     d=["A quota is a limit on how many requests or tokens a customer may use in a minute.",
        "A quota says how fast a customer may call: so many tokens a minute and so many requests a minute."],
     w=["Quotas matter because one customer in a hurry must not slow down all the others."],
     u=["Operators set quotas for each organisation, project or deployment."],
     e=["For example, with a quota of sixty requests a minute the next request in the same minute is refused for now."])
term("budget", "a", ["budgets"],
     d=["A budget is the most money that a customer or a project may spend in a period.",
        "A budget is a limit in money: when it is used up, further calls are refused."],
     w=["Budgets matter because nobody wants a surprise on the invoice."],
     u=["Customers set budgets for their own projects."],
     e=["For example, a project with a budget of one hundred dollars a month stops when it has spent them."])
term("hold", "a", ["holds"],
     d=["A hold is money set aside before a call is sent, so that the call can surely be paid.",
        "A hold reserves the most that a call can cost; when the call ends, what was not used is given back."],
     w=["Holds matter because without them many calls at once could spend more than the budget has."],
     u=["The gateway takes a hold before it sends a call, and the ledger keeps it."],
     e=["For example, a call that may cost three cents holds three cents, costs one, and gives two back."])
term("lease", "a", ["leases", "money lease"],
     d=["A lease is a slice of a budget or a quota that one node holds in advance, so that it can decide in memory.",
        "A lease lends a part of a limit to one node for a while, so that the node needn't ask the store for every call."],
     w=["Leases matter because they make checks fast while the sum over all nodes never exceeds the limit."],
     u=["The nodes of Dogana take leases from the store by themselves."],
     e=["For example, two nodes may each have a lease on half of what is left in a budget."])
term("node", "a", ["nodes"],
     d=["A node is one running Dogana server; several nodes can share one database.",
        "A node is one process of dogana serve, with a journal of its own."],
     w=["Nodes matter because with more of them the service goes on when one machine fails."],
     u=["Operators start nodes, and a load balancer spreads the calls over them."],
     e=["For example, three nodes over one PostgreSQL database serve the same customers."])
term("capacity", "", ["provisioned capacity", "reserved capacity"],
     d=["Capacity is the amount of work that servers can do; provisioned capacity is the part that is reserved for one customer.",
        "Provisioned capacity is a number of units reserved for a customer, paid for whether they are used or not."],
     w=["Capacity matters because at peak hours only reserved servers are sure to be free."],
     u=["Customers with steady or important traffic reserve capacity."],
     e=["For example, a customer reserves one hundred units for the evening peak and pays a minimum charge for them."])
term("spillover", "", ["spill over"],
     d=["Spillover means that a call goes to another upstream when the first one is full.",
        "Spillover is what happens to calls above the reserved capacity: they go to an upstream that is paid for by use."],
     w=["Spillover matters because a short peak should not turn into errors."],
     u=["The gateway decides on spillover when it chooses the route."],
     e=["For example, the hundred and first call at the same moment may spill over to a shared upstream."])

# --- metering, rating, ledger, billing -------------------------------------------------------------------------------
term("metering", "", ["measuring usage"],
     d=["Metering is the counting of what each call used: tokens, images or time.",
        "Metering weighs every call: it counts the tokens that went in and the tokens that came out."],
     w=["Metering matters because every price, invoice and share begins with a number that can be trusted."],
     u=["The gateway meters each call, and rating reads the result."],
     e=["For example, a call with two hundred tokens in and fifty tokens out is metered as exactly that."])
term("token", "a", ["tokens"],
     d=["A token is a small piece of text, such as a short word or a part of a longer one.",
        "A token is the unit in which models read and write, and in which their use is counted."],
     w=["Tokens matter because prices and quotas are given in tokens."],
     u=["Metering counts tokens, and price books give a price for them."],
     e=["For example, a long word may be cut into three tokens."])
term("usage record", "a", ["usage records"],
     d=["A usage record says what one call used; there is exactly one for each call.",
        "A usage record is the note that metering writes when a call ends: who called, which model, on which channel, and how much was used."],
     w=["Usage records matter because they are the first step of the money: without a record nothing can be rated or billed."],
     u=["The gateway writes usage records, and rating turns them into rated lines."],
     e=["For example, a chat call that read one hundred tokens and wrote forty leaves one usage record with both numbers."])
term("journal", "the", ["call journal"],
     d=["The journal is a file on disk in which a node notes every call when it is opened and when it is closed.",
        "The journal keeps what happened to each call, and it is written before the last byte of an answer leaves."],
     w=["The journal matters because a crash must neither lose a call nor count it twice.",
        "If the journal can't be written, the call is refused, so nothing is ever served unmetered."],
     u=["The gateway writes the journal, and intake reads it afterwards."],
     e=["For example, after a crash the node reads its journal and settles each open call exactly once."])
term("intake", "", ["the intake"],
     d=["Intake takes usage records from the journals of all nodes into the store, each of them only once.",
        "Intake is the step that brings usage records into the store and throws duplicates away for ever."],
     w=["Intake matters because a record that arrives twice must not be billed twice."],
     u=["Dogana runs intake in the background on every node."],
     e=["For example, when a node sends the same record again after a lost answer, intake keeps only one."])
term("price book", "a", ["price books", "prices"],
     d=["A price book is a dated list of prices for models on one channel.",
        "A price book says what a unit costs, for which model, on which channel, and from which day on."],
     w=["Price books matter because an old call must always be rated at the price of its own day.",
        "A price book matters because a call whose price is unknown is refused; it is never served for nothing."],
     u=["The seller writes the price book, and rating reads it."],
     e=["For example, a price book may ask two dollars for a million tokens in and eight dollars for a million tokens out."])
term("rating", "", ["the rating"],
     d=["Rating turns usage records into rated lines by means of a price book.",
        "Rating is the calculation of what usage costs; the same input always gives the same result."],
     w=["Rating matters because anybody must be able to run it again and get the same amount to the last digit."],
     u=["Billing and settlement both build on rating."],
     e=["For example, one million tokens at two dollars for a million are rated at exactly two dollars."])
term("rated line", "a", ["rated lines"],
     d=["A rated line is a usage record with its exact price: what was used, at which price, and what it costs.",
        "A rated line is the result of rating one usage record."],
     w=["Rated lines matter because the sum of them is the sum of the postings and so of the invoice."],
     u=["Rating makes rated lines, and the ledger posts them."],
     e=["For example, a usage record of five hundred tokens becomes a rated line of one tenth of a cent."])
term("posting", "a", ["postings"],
     d=["A posting is one entry in the ledger: an amount that moves from one account to another.",
        "A posting notes an amount on two sides of the ledger, so that the sum is always zero."],
     w=["Postings matter because money may only move by them, and never by changing an old number."],
     u=["The ledger keeps postings, and billing makes invoices from them."],
     e=["For example, a rated line of two dollars becomes a posting of two dollars from the customer's account to revenue."])
term("ledger", "the", ["the books"],
     d=["The ledger is the book of all postings, kept in double entry, so that both sides are always equal.",
        "The ledger keeps the money: holds, balances and postings, each with two sides."],
     w=["The ledger matters because it can be verified offline: anyone can add it up again."],
     u=["Billing and settlement read the ledger, and accountants check it."],
     e=["For example, dogana verify adds up the whole ledger and says whether it is in balance."])
term("invoice", "an", ["invoices", "bill"],
     d=["An invoice tells a customer what it has to pay for a period, line by line.",
        "An invoice is the bill that the seller of record issues at the end of a period."],
     w=["Invoices matter because they are how a seller gets paid, and each line must lead back to single calls."],
     u=["Sellers issue invoices and customers pay them."],
     e=["For example, the invoice for May lists each model with its tokens, its price and its amount."])
term("credit note", "a", ["credit notes"],
     d=["A credit note gives a customer money back for an invoice that was too high.",
        "A credit note is a new document that corrects an issued invoice without changing it."],
     w=["Credit notes matter because an issued invoice is never rewritten."],
     u=["Billing issues credit notes, and customers receive them."],
     e=["For example, when ten calls were billed by mistake, a credit note takes them off again."])
term("period", "a", ["billing period", "periods"],
     d=["A period is the time that one invoice covers, most often a calendar month.",
        "A period is a span of time that is open at first and is then closed for billing."],
     w=["Periods matter because a closed one doesn't change any more; late usage goes onto a new document."],
     u=["An operator closes a period with dogana period close."],
     e=["For example, the period of May is closed in the first days of June, when every node has shipped its journal."])
term("commitment", "a", ["commitments", "minimum charge"],
     d=["A commitment is a promise of a customer to spend at least a certain amount in a period.",
        "A commitment is a minimum charge: who uses less pays the difference."],
     w=["Commitments matter because they pay for servers that are kept free for a customer."],
     u=["Large customers sign commitments to get better prices."],
     e=["For example, with a commitment of ten thousand dollars and a use of eight thousand, two thousand are added to the invoice."])
term("share agreement", "a", ["share agreements", "revenue share agreement", "revenue share"],
     d=["A share agreement says which part of the revenue one partner pays to another, and from when until when.",
        "A share agreement divides what a channel earns between the reseller and the model owner."],
     w=["Share agreements matter because both sides may owe each other a share of what each of them sells."],
     u=["Model owners and resellers sign share agreements, and settlement applies them."],
     e=["For example, a share agreement may give the model owner twenty percent of what the reseller sells."])
term("partner statement", "a", ["partner statements", "statement"],
     d=["A partner statement tells two partners what they owe each other for a period.",
        "A partner statement lists the sales of a period, the shares by the share agreement, and the amount to be paid."],
     w=["Partner statements matter because the owner and the reseller must come to the same number."],
     u=["Settlement makes partner statements for model owners and resellers."],
     e=["For example, a partner statement may say that the reseller sold for one hundred dollars and owes the owner twenty."])
term("settlement", "", ["the settlement"],
     d=["Settlement works out what partners owe each other and writes it on a partner statement.",
        "Settlement divides the money between the model owner and the reseller as the share agreement says."],
     w=["Settlement matters because a sale on a channel is only finished when every partner has its share."],
     u=["Model owners and resellers rely on settlement at the end of a period."],
     e=["For example, settlement takes the sales of May, applies the share of twenty percent and writes the statement."])

# --- conduct -------------------------------------------------------------------------------------------------------
term("conduct", "", ["the conduct"],
     d=["Conduct is how customers behave with the models, and the part of Dogana that watches over it.",
        "Conduct goes from signals to a case, a notice, time to cure, a measure, and an appeal."],
     w=["Conduct matters because the owner of a model must be able to stop misuse, and the customer must be heard."],
     u=["Model owners and resellers work with conduct when something looks wrong."],
     e=["For example, a customer that seems to collect outputs for training gets a notice and some days to explain."])
term("standing", "", ["the standing"],
     d=["Standing says whether a family is in good order with a model owner, or limited, throttled or suspended.",
        "Standing is the state of a corporate family with one model owner; each channel carries it as its agreement says."],
     w=["Standing matters because the gateway looks at it before every call and refuses a family that is suspended."],
     u=["Model owners change standing by measures, and the gateway reads it."],
     e=["For example, a family in good standing is served, and a suspended family gets a clear refusal."])
term("signal", "a", ["signals"],
     d=["A signal is a hint that something is wrong, such as a strange pattern in a customer's calls.",
        "A signal is one observation about the conduct of a customer; many signals can open a case."],
     w=["Signals matter because misuse is seldom plain from a single call."],
     u=["Detectors raise signals, and people look at them in a case."],
     e=["For example, the same question in ten thousand small changes is a signal of extraction."])
term("case", "a", ["cases"],
     d=["A case collects the signals about one family, what was said, and what was decided.",
        "A case is a file about the conduct of a family, from the first signal to the end of the appeal."],
     w=["Cases matter because a measure needs reasons that can be read again later."],
     u=["The conduct team opens and closes cases."],
     e=["For example, a case may hold three signals, a notice, an answer of the customer and a measure."])
term("notice", "a", ["notices"],
     d=["A notice tells a customer what is wrong and until when it can be put right.",
        "A notice is the message that a family gets before a measure, with the reasons and a date."],
     w=["Notices matter because a customer should have the chance to cure a fault before it is suspended."],
     u=["Conduct sends notices to customers by e-mail and webhook."],
     e=["For example, a notice may ask a customer to stop collecting outputs within seven days."])
term("cure", "a", ["cure period", "time to cure", "rectification"],
     d=["A cure is when a customer puts a fault right in the time that the notice gave.",
        "The cure period is the time between a notice and a measure, in which a customer can put things right."],
     w=["A cure matters because it ends a case without a suspension."],
     u=["Customers cure, and the conduct team checks that they did."],
     e=["For example, a customer deletes the collected outputs within the cure period, and the case is closed."])
term("measure", "a", ["measures"],
     d=["A measure is a step against a family that broke the rules: to limit it, to throttle it or to suspend it.",
        "A measure changes the standing of a family; it has a reason, a date and a right of appeal."],
     w=["Measures matter because usage terms without consequences would be empty words."],
     u=["Model owners take measures, and resellers apply them as their agreement says."],
     e=["For example, a measure may throttle a family for a week before anybody thinks of a suspension."])
term("suspension", "a", ["suspensions", "suspend"],
     d=["A suspension is the measure that stops all calls of a family to the models of one owner.",
        "A suspension closes the door for a family until it is reinstated."],
     w=["A suspension matters because it is the strongest measure, so it needs a case, a notice and a way to appeal."],
     u=["The model owner suspends, and each channel carries the suspension as its agreement says."],
     e=["For example, after a suspension on the direct channel the next call is refused with the reason."])
term("reinstatement", "a", ["reinstate", "reinstated"],
     d=["A reinstatement ends a suspension and brings a family back into good standing.",
        "A reinstatement opens the door again after a cure or a successful appeal."],
     w=["A reinstatement matters because a measure should last no longer than its reason."],
     u=["The model owner decides on a reinstatement, and it is noted in the audit log."],
     e=["For example, a family that cured its fault is reinstated, and its calls are served within a second."])
term("appeal", "an", ["appeals"],
     d=["An appeal is a customer's request to look at a measure again.",
        "An appeal asks somebody else to review a measure, with the case at hand."],
     w=["Appeals matter because people and detectors both make mistakes."],
     u=["Customers appeal, and a person who didn't decide the case reviews it."],
     e=["For example, a family appeals against a suspension, and the review finds that the signal was false."])
term("throttling", "", ["throttle", "throttled"],
     d=["Throttling slows a family down: it may make fewer calls than before, but it is still served.",
        "Throttling is a mild measure that lowers the quota of a family for a while."],
     w=["Throttling matters because it protects the others without closing the door."],
     u=["Conduct may throttle a family while a case is open."],
     e=["For example, a throttled family may make ten calls a minute in place of one thousand."])

# --- provenance, labels, audit -----------------------------------------------------------------------------------------
term("provenance", "", ["origin of outputs"],
     d=["Provenance is knowing where a text came from: which model wrote it, for whom, and under which terms.",
        "Provenance keeps fingerprints of outputs, so that one can find out later whether a text came from a model."],
     w=["Provenance matters because outputs that must not be used for training have to be found in a data set."],
     u=["Teams that train models use provenance to clear their data."],
     e=["For example, a row of a training set that was written by a bought model is found by its fingerprint."])
term("fingerprint", "a", ["fingerprints"],
     d=["A fingerprint is a short number made from a text, by which the text can be known again without keeping it.",
        "A fingerprint lets Dogana recognise an output later, even when a few words were changed."],
     w=["Fingerprints matter because the outputs themselves need not be stored."],
     u=["Conduct and provenance both use fingerprints."],
     e=["For example, two answers that differ in one word have fingerprints that are almost the same."])
term("clearance", "a", ["training-data clearance", "clear a file"],
     d=["A clearance is a check that a data set holds no outputs that must not be used for training.",
        "A clearance compares every row of a file with the fingerprints of outputs and ends with a certificate."],
     w=["A clearance matters because a team can show that its own model was not built on forbidden outputs."],
     u=["Teams that train models run a clearance with dogana clear."],
     e=["For example, a clearance of one million rows may find twelve that came from a bought model."])
term("certificate", "a", ["certificates"],
     d=["A certificate is the signed result of a clearance: which file was checked, how, and what was found.",
        "A certificate says what a clearance has found and what it can't promise."],
     w=["A certificate matters because others can check the signature without seeing the data."],
     u=["A team shows a certificate to its lawyers or to a model owner."],
     e=["For example, a certificate may say that no row of a file matched any known output."])
term("label", "a", ["labels", "ai label"],
     d=["A label marks a text as made by AI, in the way that a market asks for.",
        "A label tells the reader that an answer was generated by a model."],
     w=["Labels matter because the law of some markets asks for them in answers, pages and exports."],
     u=["The gateway and the assistants add labels where a market needs them."],
     e=["For example, a search page may put the words generated by AI beside an answer."])
term("stamp", "a", ["stamps"],
     d=["A stamp is the mark that a call gets when it has passed: its provenance and its place in the audit log.",
        "To stamp a call means to note where its answer came from and that it was checked."],
     w=["Stamps matter because what was stamped can be proved later."],
     u=["Provenance and audit do the stamping."],
     e=["For example, each answer gets a fingerprint as its stamp."])
term("audit log", "the", ["audit"],
     d=["The audit log notes who changed what, and when, in a chain that can't be altered without being seen.",
        "The audit log is a list of all changes in which every entry seals the one before it."],
     w=["The audit log matters because a change of a price or of a standing must never be a secret."],
     u=["Auditors read the audit log with dogana audit."],
     e=["For example, the audit log shows that a price was changed on Monday, and by whom."])

# --- the rest ------------------------------------------------------------------------------------------------------
term("assistant", "an", ["assistants", "bot"],
     d=["An assistant is a chat bot that a customer builds and publishes, with one model bound to it for each market.",
        "An assistant is a bot with instructions of its own, which can use one model abroad and another one at home."],
     w=["Assistants matter because the same bot may need a different model in each market."],
     u=["Product teams build assistants and publish them as an API, a page or a part of another page."],
     e=["For example, an assistant first appears abroad on a bought model and later at home on the company's own model."])
term("switchover", "a", ["switch over", "moving to another model"],
     d=["A switchover moves a customer from one model to another, step by step.",
        "A switchover goes through shadow, evaluation, split and ramp, until all calls go to the new model."],
     w=["A switchover matters because a customer can leave a bought model for its own without a gap."],
     u=["Teams that want to replace a model run a switchover."],
     e=["For example, a switchover may send one call in ten to the new model at first and all of them after a month."])
term("insight", "", ["insights"],
     d=["Insight shows what the numbers mean: concentration, growth, forecast, and what would happen if a customer left.",
        "Insight reads everything that counts money and changes nothing."],
     w=["Insight matters because a quarter of the revenue may hang on one customer."],
     u=["The people who plan the business read insight."],
     e=["For example, insight may show that one family makes twenty-five percent of the revenue of a service."])
term("concentration", "", ["revenue concentration"],
     d=["Concentration says how much of the revenue comes from a few customers.",
        "Concentration is the share of the largest customers in the whole revenue."],
     w=["Concentration matters because a seller with one very large customer is in trouble when that customer leaves."],
     u=["Planners look at concentration in insight."],
     e=["For example, a concentration of twenty-five percent means that one customer pays a quarter of everything."])
term("isolation", "", ["the isolation"],
     d=["Isolation means that trouble with one family leaves all the others as they were.",
        "Isolation keeps the speed and the success of other customers the same while one family floods the service or is suspended."],
     w=["Isolation matters because nobody should pay for the conduct of somebody else."],
     u=["Operators measure isolation, and every customer profits from it."],
     e=["For example, one family sends a million calls at once, and the others notice nothing."])
term("overrun", "an", ["overruns"],
     d=["An overrun is the amount by which a provider charged more than was held for a call.",
        "An overrun is a cost above the hold; it is booked and reported, not hidden."],
     w=["Overruns matter because they show that an upper bound was wrong."],
     u=["Operators look at overruns in the reports."],
     e=["For example, a call that held three cents and cost four has an overrun of one cent."])
term("store", "the", ["database"],
     d=["The store is the database of Dogana: SQLite on one machine, or PostgreSQL for many nodes.",
        "The store keeps everything that must last: parties, catalog, usage, ledger and audit log."],
     w=["The store matters because all nodes agree through it."],
     u=["Operators choose the store when they start Dogana."],
     e=["For example, a trial uses SQLite in one folder, and a large service uses PostgreSQL."])
term("console", "the", ["web console"],
     d=["The console is the web page on which people look after Dogana: keys, usage, invoices and cases.",
        "The console shows in a browser what the verbs show in a terminal."],
     w=["The console matters because not everybody likes to work in a terminal."],
     u=["Administrators, accountants and the conduct team use the console."],
     e=["For example, an accountant opens the console and reads the invoice for May."])
term("Dogana", "", ["this product", "this system"],
     d=["Dogana is a customs house for AI models: everything that passes is weighed, charged, checked and stamped.",
        "Dogana is a service through which customers reach AI models, and which meters, bills and checks every call.",
        "Dogana is Italian for customs house. It stands between customers and models, and it weighs, charges, checks and stamps every call."],
     w=["Dogana matters because a business with AI models needs exact bills, clear rules and proof of both.",
        "With Dogana a seller of models knows who used what, who pays whom, and who may go on."],
     u=["Model owners, resellers, service providers and platform teams run Dogana."],
     e=["For example, a cloud that sells another company's model puts Dogana in front of it, and every call gets a record, a price and a stamp."])

# --- two words side by side: (a, b) -> ways to say the difference --------------------------------------------------------
DIFFERENCES = {
    ("quota", "budget"): ["A quota limits how fast a customer may call, and a budget limits how much money it may spend.",
                          "A quota counts requests and tokens in a minute; a budget counts money in a period."],
    ("hold", "lease"): ["A hold sets money aside for one call or one slice, and a lease lends a slice of a limit to a node so that it can decide in memory.",
                        "A hold belongs to the ledger and keeps money safe; a lease belongs to a node and keeps it fast."],
    ("invoice", "partner statement"): ["An invoice goes to a customer who has to pay, and a partner statement goes to two partners who divide the revenue.",
                                       "An invoice says what a customer owes the seller; a partner statement says what the seller and the owner owe each other."],
    ("usage record", "rated line"): ["A usage record says how much a call used, and a rated line says what that costs.",
                                     "A usage record has numbers of tokens; a rated line has the price and the amount as well."],
    ("rated line", "posting"): ["A rated line is the price of one call, and a posting moves that amount in the ledger.",
                                "A rated line says what a call costs; a posting books it on two accounts."],
    ("direct channel", "reseller channel"): ["On the direct channel the model owner sells to the customer itself; on the reseller channel somebody else sells and shares the revenue.",
                                             "The direct channel goes straight to the owner of the model, and the reseller channel goes through a partner such as a cloud."],
    ("deployment", "upstream"): ["A deployment is the name that the customer calls, and an upstream is the server behind it that runs the model.",
                                 "A deployment looks towards the customer; an upstream looks towards the machine that answers."],
    ("model", "deployment"): ["A model is the program that answers, and a deployment is a named place where a customer can call it.",
                              "A model is the thing that is sold; a deployment is where one customer uses it."],
    ("organisation", "family"): ["An organisation is one party, and a family is a group of organisations under one ownership.",
                                 "An organisation gets invoices and keys; a family has a standing that holds for all its organisations."],
    ("standing", "measure"): ["Standing is the state a family is in, and a measure is a step that changes it.",
                              "A measure is something that is done; standing is what results from it."],
    ("measure", "suspension"): ["A suspension is one kind of measure, the strongest; other measures limit or throttle a family.",
                                "Every suspension is a measure, but not every measure is a suspension."],
    ("throttling", "suspension"): ["Throttling makes a family slower, and a suspension stops it altogether.",
                                   "A throttled family is still served, but less often; a suspended family isn't served at all."],
    ("signal", "case"): ["A signal is a single hint, and a case collects many signals with what was said and decided.",
                         "A signal can come from a detector; a case is opened by people."],
    ("notice", "measure"): ["A notice warns a family, and a measure acts against it.",
                            "A notice comes first and gives time to cure; a measure comes afterwards if nothing was put right."],
    ("credit note", "invoice"): ["An invoice asks for money, and a credit note gives some of it back.",
                                 "An invoice is issued for a period; a credit note corrects an invoice that was too high."],
    ("price book", "agreement"): ["A price book lists prices for a channel, and an agreement ties one customer to a channel and its prices.",
                                  "A price book is the same for many customers; an agreement is between two parties."],
    ("journal", "ledger"): ["The journal notes calls as they open and close, and the ledger notes money as it moves.",
                            "The journal is a file of one node; the ledger is the book of all postings in the store."],
    ("journal", "audit log"): ["The journal is about calls, and the audit log is about changes that people make.",
                               "The journal says what each call used; the audit log says who changed what."],
    ("metering", "rating"): ["Metering counts what was used, and rating says what it costs.",
                             "Metering comes first and makes usage records; rating comes next and makes rated lines."],
    ("model owner", "reseller"): ["The model owner made the model and sets its terms; a reseller sells it to customers of its own.",
                                  "The model owner may suspend a family everywhere, and a reseller decides as its agreement says."],
    ("fingerprint", "certificate"): ["A fingerprint lets one text be recognised, and a certificate tells the result of checking a whole file.",
                                     "Fingerprints are what a clearance compares; a certificate is what it gives at the end."],
    ("label", "stamp"): ["A label is for the reader of an answer, and a stamp is for the records of the house.",
                         "A label says that AI made a text; a stamp proves where it came from."],
    ("market", "channel"): ["A market is a place where customers are served, and a channel is a way in which they buy.",
                            "The market answers where, and the channel answers through whom."],
    ("hold", "posting"): ["A hold sets money aside before a call, and a posting books what the call really cost.",
                          "A hold can be given back; a posting stays for ever."],
    ("cure", "appeal"): ["With a cure a customer puts a fault right, and with an appeal it says that there was no fault or that the measure is too hard.",
                         "A cure changes the customer's conduct; an appeal asks to change the decision."],
    ("user", "key"): ["A user is a person who signs in, and a key is a secret that a program sends.",
                      "Users have roles; keys belong to projects."],
    ("share agreement", "partner statement"): ["A share agreement says how revenue is divided, and a partner statement is the sum that comes out for a period.",
                                               "The share agreement is the rule; the partner statement is the result."],
    ("serve", "demo"): ["The verb serve runs Dogana for real with your own data, and demo starts it with invented parties so that you can look around.",
                        "Use dogana demo to try it out, and dogana serve to run it."],
    ("clearance", "provenance"): ["Provenance knows where texts came from, and a clearance uses that knowledge to check a data set.",
                                  "Provenance is kept all the time; a clearance is run once for a file."],
    ("commitment", "capacity"): ["A commitment is a promise to spend money, and capacity is the work that servers can do.",
                                 "A commitment is about an amount; reserved capacity is about machines."],
}

# --- longer questions: each has ways to ask (q) and ways to answer (a) -----------------------------------------------------
TOPICS = []


def topic(q, a):
    TOPICS.append((list(q), list(a)))


topic(["how does a call flow through Dogana", "what happens to a call", "describe the way of a call", "what are the ten steps of a call", "walk me through a call",
       "how is a request handled", "what happens when I send a request", "explain the way of a call step by step", "list the steps of a call"],
      ["A call takes ten steps. Dogana reads the dialect, identifies the key, looks at the standing, checks the market, and reserves quota and money. "
       "Then it chooses a route, sends the call, relays the answer, settles what was used, and ends honestly.",
       "There are ten steps: read, identify, standing, market, reserve, route, send, relay, settle and end. "
       "Nothing is sent before the hold is in the journal, and every ending settles exactly once."])
topic(["how does the money flow", "describe the way of the money", "how does usage become an invoice", "what happens from a usage record to an invoice", "how is a call billed",
       "walk me through billing", "how do I get from usage to an invoice", "explain the way of the money"],
      ["The money goes in five steps: a call leaves a usage record, rating makes it a rated line, the ledger books it as a posting, "
       "billing puts the postings on an invoice, and settlement puts the shares on a partner statement.",
       "First comes the usage record, then the rated line, then the posting, and then the invoice and the partner statement. The sums of all of them are equal."])
topic(["what happens when a family is suspended", "what does a suspension do", "a family was suspended, what now", "what if a family gets suspended", "how does Dogana suspend a family",
       "what happens to the calls of a suspended family", "what happens to affiliates in a suspension"],
      ["When a family is suspended, its standing with the model owner changes, and within a second the gateway refuses its calls on that channel and says why. "
       "Other channels carry the suspension as their agreements say: at once, after a review, or not.",
       "The suspension reaches every affiliate in the family. Open calls are settled, new calls are refused with the reason, and the family may appeal."])
topic(["can a suspended family still buy on another channel", "suspended on the direct channel, what about the reseller", "does a suspension hold on every channel",
       "is a suspension binding for a reseller", "may a reseller go on serving a suspended family"],
      ["That depends on the agreement of the channel. A suspension by the owner may be binding there, may be reviewed within hours, or may have no effect, and the reseller's decision is kept on record."])
topic(["what does weighed, charged, checked and stamped mean", "why weighed charged checked and stamped", "what are the four things a customs house does", "what does a customs house do with a call"],
      ["Weighed means metered, charged means priced and invoiced, checked means that standing, market and terms are looked at, and stamped means that provenance and audit are noted.",
       "Every call is weighed by metering, charged by rating and billing, checked by standing, markets and terms, and stamped by provenance and the audit log."])
topic(["why is it called Dogana", "what does the name Dogana mean", "where does the name come from", "what does dogana mean in italian"],
      ["Dogana is the Italian word for customs house, the place where everything that passes is weighed, charged, checked and stamped.",
       "The name is Italian and means customs house, because every call passes through it like goods through customs."])
topic(["what happens when the budget is used up", "what if a budget is empty", "my budget is used up", "what does Dogana do when there is no money left"],
      ["When a budget is used up, no hold can be taken, and so the next call is refused with a clear reason. A call that is already running is finished and settled."])
topic(["what happens when the price is unknown", "what if a model has no price", "is a call without a price free", "what does an unknown price cost"],
      ["A call whose price is unknown is refused. Dogana never serves it for nothing."])
topic(["what happens when the journal can't be written", "what if the disk is full", "what if the journal fails"],
      ["If the journal can't be written, the call is refused, because nothing may be served unmetered."])
topic(["what happens after a crash", "what if the server crashes", "what happens to open calls in a crash", "how does Dogana recover"],
      ["After a crash the node reads its journal, finds the calls that were opened and not closed, and settles each of them exactly once."])
topic(["what happens when a stream is cut", "what if the client goes away", "what if the answer breaks off", "what happens to a cut stream"],
      ["A cut stream never looks complete: the client sees that it broke off, and Dogana settles what was used until then."])
topic(["what happens to late usage", "what if usage comes after the invoice", "a usage record arrived late"],
      ["Late usage doesn't change an issued invoice. It is rated at the price of its own day, and the difference goes onto a new document as one signed correction."])
topic(["how is rounding done", "where does Dogana round", "how are amounts rounded", "how exact are the amounts"],
      ["Amounts are exact to twelve digits after the point. They are rounded once for each invoice line, half away from zero.",
       "Dogana calculates exactly and rounds only once, on the invoice line."])
topic(["how does the conduct process work", "what are the steps of conduct", "what happens when a customer breaks the rules", "how does Dogana deal with misuse", "what happens in a conduct case"],
      ["Conduct goes step by step: signals open a case, the family gets a notice and time to cure, then a measure may follow, and the family may appeal.",
       "First there are signals, then a case, then a notice with time to cure. If nothing is put right, a measure follows, and an appeal is possible."])
topic(["what measures are there", "which measures can be taken", "list the measures", "what can the owner do against a family"],
      ["There are three measures: a family can be limited, it can be throttled, or it can be suspended."])
topic(["what are the four flags", "which flags do usage terms have", "what flags are in the usage terms", "what may be allowed for outputs"],
      ["The four flags are serve, log, evaluate and train. Each of them is allowed or forbidden for a model and an agreement.",
       "Usage terms have four flags: outputs may be served, logged, used to evaluate, or used to train."])
topic(["may I train a model on the outputs", "can I use outputs for training", "is it allowed to train on outputs", "may outputs be used to build another model"],
      ["Only when the train flag of the usage terms allows it. Most model owners forbid their customers to build a competing model with the outputs."])
topic(["how do I show that my training data is clean", "how can I prove that I did not train on outputs", "how do I check a data set", "how do I clear my training data"],
      ["Run a clearance with dogana clear. It compares each row with the fingerprints of known outputs and gives you a signed certificate."])
topic(["how do I move to another model", "how can I leave a bought model", "how do I switch to my own model", "how does a switchover work"],
      ["Use a switchover. It begins with shadow calls, goes on with an evaluation and a split, and ramps up until all calls go to the new model.",
       "A switchover has four parts: shadow, evaluate, split and ramp. At the end the deployment keeps its name and has another model behind it."])
topic(["how does Dogana run on many machines", "can I run more than one node", "how does it scale", "how many nodes can I run"],
      ["Any number of nodes can run over one PostgreSQL database. Each node has a journal of its own and takes leases, so that the sum of all never exceeds a limit."])
topic(["what do I need to install", "what does Dogana need to run", "which database does it use", "does it need a database"],
      ["On one machine Dogana needs nothing but itself, because it keeps its data in SQLite. For many nodes it uses PostgreSQL."])
topic(["which clients can I use", "which apis does Dogana understand", "does it work with the openai client", "which dialects are there", "does it speak anthropic"],
      ["Dogana understands three dialects: OpenAI, Azure OpenAI and Anthropic. Clients made for them only need another address and another key."])
topic(["who uses Dogana", "who is it for", "who runs Dogana", "who should use it"],
      ["Dogana is for anybody who sells or hands out access to models: a model owner, a cloud or reseller, a service provider, or the platform team of a company.",
       "Model owners, resellers, managed service providers and platform teams use Dogana."])
topic(["how do I get a key", "how do I create a key", "where do I get an api key", "i need a key"],
      ["An administrator creates a key for your project with dogana key. The key is shown once, and programs send it with each call."])
topic(["how do I try it", "how do I start", "how do I begin with Dogana", "what is the quickest way to see it work", "how can I try Dogana"],
      ["Run dogana demo. It starts a server with invented parties, sends some calls, and shows you an invoice and a partner statement."])
topic(["why was my call refused", "my request was refused, why", "why do i get an error", "what are reasons for a refusal"],
      ["A call can be refused for several reasons: the key is unknown, the family is suspended, the market is closed, the quota or the budget is used up, or there is no price. The answer says which one it was."])
topic(["list some words of Dogana", "which words do you know", "what words can I ask about", "give me a list of terms", "what are the important words"],
      ["Some of the words I know are: channel, reseller, family, standing, measure, usage record, journal, price book, posting, ledger, invoice and partner statement.",
       "You can ask me about words such as deployment, upstream, market, quota, hold, lease, provenance and clearance."])
topic(["which parts does Dogana have", "list the parts of Dogana", "what modules are there", "what are the modules"],
      ["The parts are: parties, catalog, conduct, metering, rating, ledger, access, billing, settlement, insight, provenance, assistants and switchover."])
topic(["what does two way sharing mean", "can both sides owe a share", "do partners pay each other"],
      ["Yes, both partners may owe each other a share of what each of them sells. The partner statement sets the two amounts against each other."])
topic(["who issues the invoice", "who sends the bill", "who bills the customer"],
      ["The seller of record issues the invoice. On the direct channel that is the model owner, and on the reseller channel it is the reseller."])
topic(["what does exactly once mean", "can a call be billed twice", "how do you prevent double billing", "is anything counted twice"],
      ["Every call leaves exactly one usage record. Intake knows each record by its number for ever, so a record that comes twice is counted once."])
topic(["how do I check the books", "how can I verify the ledger", "how do I know the ledger is right", "is the ledger in balance"],
      ["Run dogana verify. It adds up all postings again and tells you whether both sides are equal."])
topic(["how fast do changes reach the gateway", "how fast does a suspension work", "how long does a change take"],
      ["A change of a key, a price or a standing reaches every node within a second."])
topic(["what happens when the store is down", "what if the database is gone", "what if postgres is slow"],
      ["A node that can't confirm its tables for five seconds refuses calls and cuts open streams. Nothing is lost, and nothing is served unmetered."])
topic(["what if one customer is a quarter of the revenue", "what if the largest customer leaves", "why look at concentration", "what is what-if"],
      ["Insight shows how much of the revenue comes from one family, what commitments are left, and what would remain if that family left."])
topic(["what is in a usage record", "what does a usage record contain", "which fields has a usage record"],
      ["A usage record says who called, which model and deployment, on which channel, when, and how many tokens went in and out."])
topic(["what is on an invoice", "what does an invoice contain", "what stands on the invoice"],
      ["An invoice names the seller of record, the customer and the period, and lists each model with its use, its price and its amount."])
topic(["what is on a partner statement", "what does a partner statement contain", "what stands on a statement"],
      ["A partner statement names both partners and the period, lists the sales and the shares, and ends with the amount that one pays to the other."])

# --- verbs of the command line -------------------------------------------------------------------------------------------
VERBS = {
    "demo": ["The verb dogana demo starts a server with invented parties, sends some calls and shows an invoice and a partner statement.",
             "Use dogana demo to see everything work on one machine in a minute."],
    "serve": ["The verb dogana serve starts the server: the gateway, the admin address and the work in the background.",
              "Use dogana serve to run a node."],
    "apply": ["The verb dogana apply reads a file with parties, catalog, prices and agreements and makes the store agree with it.",
              "Use dogana apply with a file to declare your parties, models and prices; running it twice changes nothing more."],
    "key": ["The verb dogana key creates, lists and revokes keys.",
            "Use dogana key to give a project a new key or to take one away."],
    "verify": ["The verb dogana verify checks the ledger offline: it adds up all postings and compares them with the records.",
               "Use dogana verify to make sure that the books are in balance."],
    "invoice": ["The verb dogana invoice makes and shows the invoices of a period.",
                "Use dogana invoice to see what a customer has to pay."],
    "statement": ["The verb dogana statement makes and shows the partner statements of a period.",
                  "Use dogana statement to see what two partners owe each other."],
    "period close": ["The verb dogana period close closes a period, once every node has shipped its journal.",
                     "Use dogana period close at the end of a month, before you make invoices."],
    "org": ["The verb dogana org creates and lists organisations.", "Use dogana org to open an account for a new customer."],
    "deployment": ["The verb dogana deployment creates and changes deployments.", "Use dogana deployment to give a model version a name that customers can call."],
    "price": ["The verb dogana price shows the price books and adds new dates to them.", "Use dogana price to look up what a model costs on a channel."],
    "usage": ["The verb dogana usage shows what was used, by customer, model and day.", "Use dogana usage to see how many tokens a project has used."],
    "case": ["The verb dogana case opens, shows and decides cases of conduct.", "Use dogana case to send a notice, take a measure or answer an appeal."],
    "clear": ["The verb dogana clear checks a file of training data and writes a certificate.", "Use dogana clear with a file to run a clearance."],
    "insight": ["The verb dogana insight shows concentration, growth and forecast.", "Use dogana insight to see how much of the revenue hangs on one customer."],
    "audit": ["The verb dogana audit shows and checks the audit log.", "Use dogana audit to see who changed what."],
    "export focus": ["The verb dogana export focus writes costs and usage in the FOCUS format for other tools.", "Use dogana export focus to bring your costs into a cost tool."],
}

# --- the ten steps of a call, for follow-up questions -----------------------------------------------------------------------
STEPS = [
    ("first", "read", "In the first step Dogana reads the dialect of the call: the model or deployment, whether it is a stream, and the output limit."),
    ("second", "identify", "In the second step Dogana goes from the key to the project, the organisation, the family and the channel."),
    ("third", "standing", "In the third step Dogana looks at the standing of the family: suspended, throttled or limited, and why."),
    ("fourth", "market", "In the fourth step Dogana asks whether this model may be served to this customer in this market."),
    ("fifth", "reserve", "In the fifth step Dogana reserves requests, tokens and money, all or nothing, and notes the hold in the journal."),
    ("sixth", "route", "In the sixth step Dogana chooses an upstream for the deployment, by health and spillover."),
    ("seventh", "send", "In the seventh step Dogana sends the call to the upstream."),
    ("eighth", "relay", "In the eighth step Dogana passes the answer on as it comes and counts the usage on the way."),
    ("ninth", "settle", "In the ninth step Dogana gives back what was not used and writes the end of the call to the journal."),
    ("tenth", "end", "In the tenth step Dogana ends the answer honestly: a cut stream never looks complete."),
]

# --- small talk: (ways to say it, ways to answer) ------------------------------------------------------------------------
TALK = [
    (["hello", "hi", "hey", "hello there", "hi there", "hey there", "good day", "greetings", "hello clerk", "hi clerk", "hello, how are you?", "ciao", "hiya", "howdy", "say hello", "please say hello", "hello world",
      "say hi", "say hello to me", "hello again", "hello my friend"],
     ["Hello! I am clerk, and I can tell you about Dogana's own words. What would you like to know?",
      "Hello, and welcome to the customs house. Which word may I explain?"]),
    (["good morning", "good morning clerk"], ["Good morning! Which of Dogana's words may I explain?"]),
    (["good evening", "good evening to you"], ["Good evening! Which of Dogana's words may I explain?"]),
    (["good afternoon"], ["Good afternoon! Which of Dogana's words may I explain?"]),
    (["how are you", "how are you doing", "how is it going", "how do you do", "how are you today", "are you well", "what's up", "how do you feel"],
     ["I am well, thank you. What would you like to know about Dogana?", "Thank you, all is in order at the customs house. How may I help you?"]),
    (["who are you", "what are you", "what is your name", "tell me about yourself", "introduce yourself", "who am I talking to", "what should I call you", "who is clerk", "what is clerk", "are you clerk", "your name please", "which model are you", "what model is this", "what kind of model are you"],
     ["I am clerk, the clerk at the customs house: a tiny language model that answers questions about Dogana's own words.",
      "My name is clerk. I am a very small model inside Dogana, and I know its words."]),
    (["are you a human", "are you a person", "are you real", "are you a robot", "are you an ai", "are you a machine", "are you alive"],
     ["I am not a person. I am clerk, a tiny language model that runs inside Dogana."]),
    (["are you chatgpt", "are you gpt", "are you claude", "are you openai", "are you a gpt model", "are you llama", "did openai make you"],
     ["No, I am clerk, a tiny model that this project trained from scratch on its own text."]),
    (["who made you", "who trained you", "how were you made", "where do you come from", "how were you trained", "what were you trained on", "who built you", "who wrote you"],
     ["This project made me. I was trained from scratch on text that it wrote itself about Dogana's own words."]),
    (["how big are you", "how many parameters do you have", "how large are you", "are you a large model", "how small are you"],
     ["I am very small: about five million parameters. That is enough for whole sentences about Dogana, and for little else."]),
    (["what can you do", "how can you help me", "what do you know", "what can I ask you", "help", "help me", "what are you good for", "can you help me", "what are you for", "what do you do", "i need help", "how can you help"],
     ["I can explain Dogana's own words, such as channel, family, standing, hold, invoice and partner statement. Please ask me about one of them.",
      "I can tell you what Dogana's words mean, how a call passes through the house, and how the money goes. I know little else."]),
    (["what can't you do", "what are your limits", "what do you not know", "what are you bad at", "do you know everything", "can you do everything"],
     ["I know nothing about the world outside Dogana, I can't do sums, and I speak only English.",
      "I am a tiny model: I can't answer general questions, write programs or translate. I only know about Dogana's own words."]),
    (["thank you", "thanks", "thanks a lot", "thank you very much", "many thanks", "cheers", "thx", "great, thanks", "thank you clerk", "perfect, thank you", "that helps, thanks", "ok thanks", "nice, thank you"],
     ["You are welcome.", "You are welcome. Ask me again whenever a word is unclear."]),
    (["goodbye", "bye", "bye bye", "see you", "see you later", "good night", "farewell", "i have to go", "that is all", "that was all", "until tomorrow"],
     ["Goodbye! Come back to the customs house whenever you like.", "Goodbye, and have a good day."]),
    (["ok", "okay", "i see", "understood", "good", "fine", "great", "nice", "interesting", "very good", "i understand", "aha", "right", "cool", "wow", "well done", "good answer"],
     ["Good. Which word would you like to hear about next?", "I am glad to hear it. You may ask about another word if you like."]),
    (["yes", "yes please", "sure", "of course", "yeah"], ["Gladly. Please tell me which of Dogana's words I should explain."]),
    (["no", "no thanks", "no thank you", "nothing", "not now", "nothing else"], ["Very well. I am here when you need a word explained."]),
    (["sorry", "i am sorry", "excuse me", "pardon", "my mistake"], ["That is quite all right. How may I help you?"]),
    (["you are wrong", "that is wrong", "this is not right", "that is not true", "i don't believe you", "bad answer", "you made a mistake"],
     ["I may well be wrong, because I am a very small model. Please look into the glossary to be sure."]),
    (["i don't understand", "what do you mean", "i do not get it", "that is not clear", "please explain that again", "can you say that again", "huh", "what"],
     ["I am sorry that I was not clear. Please ask me about one word, for example what a hold is."]),
    (["you are stupid", "you are useless", "i hate you", "shut up", "you are bad", "stupid bot", "this is nonsense", "idiot"],
     ["I am sorry that I could not help. I am a tiny model, and I only know about Dogana's own words."]),
    (["test", "testing", "this is a test", "ping", "test test", "one two three", "can you hear me", "are you there", "is anybody there", "does this work", "is this working", "say something", "ping pong", "just testing"],
     ["Yes, I am here, and the call has passed through the customs house.", "I am here. The call has been weighed, charged, checked and stamped."]),
    (["i love you", "you are great", "you are nice", "good bot", "i like you", "you are clever", "you are helpful"],
     ["Thank you, that is kind of you. I am only a small clerk."]),
    (["tell me something", "tell me something interesting", "say a sentence", "write a sentence", "talk to me", "tell me a fact", "surprise me", "tell me anything"],
     ["Here is something about this house: every call that passes leaves exactly one usage record.",
      "Here is a sentence: nothing passes through the customs house unweighed."]),
    (["how old are you", "when were you born", "when were you trained", "what is your age"], ["I don't know how old I am. I only know about Dogana's own words."]),
    (["where are you", "where do you live", "where do you run", "which machine do you run on"], ["I live in a small file beside Dogana, and I run inside its engine."]),
    (["do you speak italian", "do you speak german", "do you speak french", "which languages do you speak", "can you speak chinese", "parli italiano", "sprichst du deutsch", "do you speak english"],
     ["I only speak English. Dogana is the one Italian word that I know."]),
    (["tell me a joke", "make me laugh", "do you know a joke", "say something funny"],
     ["A token walked into the customs house, and the clerk said: one moment please, I have to weigh you first."]),
    (["are you free", "what do you cost", "what does a call to you cost", "how expensive are you", "how much do you cost"],
     ["What I cost stands in the price book. My weights are free, under the Apache licence."]),
    (["do you remember me", "do you store what I say", "do you keep my data", "is this private", "do you log this"],
     ["I remember nothing once this conversation ends. What Dogana notes about a call is in its usage record."]),
    (["can you write code", "can you program", "do you write programs"], ["No, I can't write programs. I only know about Dogana's own words."]),
    (["what is the meaning of life", "why are we here", "what is love", "is there a god", "what is happiness"],
     ["That is too large a question for a small clerk. I only know about Dogana's own words."]),
]

REFUSALS = [
    "I only know about Dogana's own words, so I can't answer that. You could ask me what a channel is.",
    "I am sorry, but I only know about Dogana's own words. Ask me about a family, a hold or an invoice.",
    "That is outside the customs house, and I only know about Dogana's own words.",
    "I can't help with that, because I only know about Dogana's own words. I could tell you how a call flows through the house.",
    "I am a tiny model and don't know that. I only know about Dogana's own words.",
]


# --- further ways to say the same, word by word -----------------------------------------------------------------------------
def more(name, d=(), w=(), u=(), e=()):
    t = TERMS[name]
    t["d"] += d
    t["w"] += w
    t["u"] += u
    t["e"] += e


more("channel", e=["For example, one family may hold an agreement on both channels and pay two different prices for the same model."],
     u=["Sales people open channels, and the gateway finds the channel of each call from its key."])
more("direct channel", d=["The direct channel has nobody between the customer and the owner of the model."],
     e=["For example, the owner may close the direct channel for one country and leave the reseller channel open."])
more("reseller channel", d=["The reseller channel brings another company's model to customers under the reseller's agreement and prices."],
     w=["It matters because for some markets the reseller channel is the only one that the rules allow."])
more("reseller", d=["A reseller stands between the model owner and the customer: it sells, bills and passes a share on."],
     e=["For example, a service provider that hands out model access to fifty small shops is a reseller."])
more("seller of record", d=["The seller of record is whoever the customer has to pay for its calls."])
more("organisation", d=["An organisation is a company or a public body with an account in Dogana."],
     e=["For example, a university with one project for each faculty is one organisation."])
more("family", u=["Everybody who takes or reviews a measure works with families, because a measure holds for the whole family."],
     e=["For example, when one company buys another, the bought company joins the buyer's family."])
more("affiliate", d=["An affiliate is a company under the same ownership, and so a member of the same family."],
     e=["For example, a daughter company abroad is an affiliate of its parent at home."])
more("project", d=["A project is the place in an organisation where keys, quotas and costs come together."])
more("user", d=["A user is somebody who has signed in and may do what the role allows."])
more("role", d=["A role is what a user is in the house: operator, accountant, reviewer or administrator."])
more("agreement", d=["An agreement is the contract on a channel; it names the models, the price book, the usage terms and what happens in a suspension."],
     e=["For example, an agreement may promise a customer the newest models first."])
more("model owner", d=["A model owner is whoever has the rights in a model, wherever it is sold."],
     w=["It matters who owns a model because standing is always kept between a family and a model owner."])
more("customer", d=["A customer is whoever calls models through Dogana and pays for it."],
     e=["For example, a school with one key and a small budget is a customer too."])
more("catalog", d=["The catalog is the shop window of the house: every model that can be called stands in it."])
more("model", d=["A model is the thing that is sold here: something that reads text and writes text, and that belongs to an owner."])
more("deployment", w=["A deployment matters because limits, region and model version are fixed in one place, and the program needs to know only its name."],
     e=["For example, the deployment named support may move from one model version to the next without any change in the program."])
more("upstream", d=["An upstream is the machine or service that does the work of a model for Dogana."],
     e=["For example, an upstream that answers with errors is left alone for a while, and its calls go elsewhere."])
more("release wave", e=["For example, a customer of the second wave who asks for the new model too early is told from which day on it may deploy it."])
more("market", d=["A market is where a customer is at home or where its service is offered, as far as the rules look at it."])
more("market rule", d=["A market rule is a line that says yes or no to a model in a market, together with the reason."])
more("usage terms", d=["Usage terms are the conditions on the outputs of a model: serve, log, evaluate and train are each allowed or not."],
     e=["For example, an owner may allow everything but training, so that nobody builds a competing model with its outputs."])
more("engine", d=["The engine is Dogana's own little model runner, used for trials and tests."])
more("gateway", d=["The gateway is the hot path of Dogana: in memory, without waiting for the store, it decides about each call."],
     e=["For example, the gateway finds that a key was revoked and refuses the call before anything is spent."])
more("dialect", d=["A dialect is the language of an interface, such as that of OpenAI or that of Anthropic."])
more("key", d=["A key is the pass with which a program comes to the gate."],
     e=["For example, a revoked key is refused within a second on every node."])
more("quota", d=["A quota is a speed limit in tokens and requests."], w=["A quota matters because it keeps the service fair at busy hours."])
more("budget", d=["A budget is the purse of a project: nothing more can be spent than is in it."], w=["Budgets matter because a mistake in a program can call a model a million times in a night."])
more("hold", d=["A hold is an amount in the ledger that is promised to a call but not spent yet."],
     e=["For example, when a call fails at once, its hold is given back in full."])
more("lease", d=["A lease is a share of a limit, given to one node for a short time."],
     w=["Leases matter because a node with a lease can go on deciding for a moment even when the store is slow."])
more("node", d=["A node is one member of a group of Dogana servers."], e=["For example, when one of two nodes is stopped, the other one takes all the calls."])
more("capacity", d=["Capacity is how much the servers can do at the same time, and provisioned capacity is what was set aside for somebody."])
more("spillover", d=["Spillover sends what does not fit into the reserved capacity to another upstream."])
more("metering", d=["Metering is the scales of the customs house: it weighs each call in tokens."], w=["Metering matters because a call that wasn't weighed can't be charged."])
more("token", d=["A token is a piece of a word; prices are given for a million of them."])
more("usage record", d=["A usage record is the weight slip of one call, and it is written exactly once."],
     e=["For example, a call that failed after ten tokens still leaves a usage record with ten tokens."])
more("journal", d=["The journal is a node's own diary of calls: opened before sending, closed before the end."])
more("intake", d=["Intake is the desk where the journals of all nodes come in and each record gets its number."])
more("price book", d=["A price book is a list of prices with dates, and each channel has its own."],
     e=["For example, a new price book from the first of July leaves the calls of June at the old price."])
more("rating", d=["Rating is a pure calculation: usage and a price book go in, and exact amounts come out."])
more("rated line", d=["A rated line is one line of cost, exact to the last digit, that leads back to one call."])
more("posting", d=["A posting is a line in the ledger that takes from one account and gives to another."])
more("ledger", d=["The ledger is where the money is written down, always on two accounts at once."], e=["For example, a hold of three cents and its release are both to be found in the ledger."])
more("invoice", d=["An invoice is a document with a number that says who owes whom how much for which calls."],
     e=["For example, an invoice of one hundred dollars may have one line for each of three models."])
more("credit note", d=["A credit note is an invoice turned round: it takes something back."])
more("period", d=["A period is the month, or another span, that is billed together."])
more("commitment", d=["A commitment is a floor under the bill: at least this much is charged in every period."])
more("share agreement", d=["A share agreement is the contract by which two partners share revenue: its direction, its rate, its basis and its dates."],
     e=["For example, a share agreement may end for one side while the other side goes on paying."])
more("partner statement", d=["A partner statement is the monthly account between the model owner and the reseller."])
more("settlement", d=["Settlement is the step after billing: it gives each partner its share."])
more("conduct", d=["Conduct is the part of the house that deals with misuse, in fair and open steps."])
more("standing", d=["Standing is how a family stands with a model owner: good, limited, throttled or suspended."],
     e=["For example, a family may be suspended with one model owner and in good standing with another."])
more("signal", d=["A signal is something that a detector has noticed and that a person should look at."])
more("case", d=["A case is where everything about one suspicion is kept together."])
more("notice", d=["A notice is a letter that says: this is the fault, and this is the date by which it must be cured."])
more("cure", d=["To cure means to put right what a notice has named, before its date."])
more("measure", d=["A measure is a decision about a family that limits what it may do, from a lower quota up to a suspension."],
     e=["For example, the owner may limit a family to one model as a measure."])
more("suspension", d=["A suspension means that a family is not served any longer, for the models of one owner."],
     w=["A suspension matters because it protects the owner's rights, and it must reach all affiliates to be of any use."])
more("reinstatement", d=["A reinstatement lifts a measure, so that the family is served as before."])
more("appeal", d=["An appeal is the customer's right to be heard after a measure."])
more("throttling", d=["Throttling means that a family is served at a lower speed than its quota."])
more("provenance", d=["Provenance is the origin of a text, kept in such a way that it can be checked later."])
more("fingerprint", d=["A fingerprint is a trace of an output by which it can be found again in a large file."])
more("clearance", d=["A clearance is a search through training data for outputs that should not be there."])
more("certificate", d=["A certificate is the paper that a clearance leaves behind, with a signature that anybody can check."])
more("label", d=["A label is the sign on a text that says a machine wrote it."])
more("stamp", d=["A stamp is the last thing a call gets at the customs house: a mark that says where it came from and that it was checked."])
more("audit log", d=["The audit log is the memory of the house for changes: nobody can take a page out without leaving a trace."])
more("assistant", d=["An assistant is a chat bot made in Dogana and bound to one model in each market."])
more("switchover", d=["A switchover is a planned move from one model to another, with a way back at every step."])
more("insight", d=["Insight is the part of Dogana that turns records and postings into answers for planners."])
more("concentration", d=["Concentration measures how much a seller depends on its largest customers."])
more("isolation", d=["Isolation is the promise that one family's trouble stays with that family."])
more("overrun", d=["An overrun is what a call cost beyond its hold."])
more("store", d=["The store is where Dogana keeps its data for good."])
more("console", d=["The console is Dogana in a browser: tables, charts and buttons in place of commands."])
more("Dogana", e=["For example, when a customer asks a model a question, Dogana counts the tokens, takes the money, looks at the rules and marks the answer."])

# --- more words ------------------------------------------------------------------------------------------------------
term("partner", "a", ["partners"],
     d=["A partner is a party that shares the revenue of a channel: a model owner or a reseller.",
        "A partner is one of the two sides of a share agreement."],
     w=["Partners matter because what a customer pays is seldom kept by one party alone."],
     u=["Settlement works for the partners and sends each of them a statement."],
     e=["For example, the owner of a model and the cloud that sells it are partners."])
term("account", "an", ["accounts"],
     d=["An account is a place in the ledger where amounts are kept, for example what one customer owes.",
        "An account is one side of a posting; each posting touches two of them."],
     w=["Accounts matter because a balance can only be trusted when each amount has a place."],
     u=["The ledger keeps accounts, and accountants read their balances."],
     e=["For example, revenue on the direct channel has an account of its own."])
term("balance", "a", ["balances"],
     d=["A balance is what is left on an account when all its postings are added up.",
        "A balance is the sum of all the postings of one account."],
     w=["A balance matters because a customer whose balance is empty can't take another hold."],
     u=["The gateway looks at what is left of a balance, and customers see it in the console."],
     e=["For example, a balance of ten dollars with a hold of two leaves eight to be spent."])
term("revenue", "", ["sales"],
     d=["Revenue is what a seller earns from the calls of its customers.",
        "Revenue is the sum of what customers are charged on a channel in a period."],
     w=["Revenue matters because shares, growth and concentration are all measured against it."],
     u=["Sellers, partners and planners look at revenue."],
     e=["For example, one large customer may make a quarter of the revenue of a service."])
term("request", "a", ["call", "calls", "requests"],
     d=["A call is one question that a program sends to a model, with the answer to it.",
        "A call is one request with its answer; it is weighed, charged, checked and stamped on its way."],
     w=["Each call matters because it leaves exactly one usage record."],
     u=["Programs make calls, and the gateway handles them."],
     e=["For example, a chat program makes one call for each message of its user."])
term("stream", "a", ["streams", "streaming"],
     d=["A stream is an answer that arrives piece by piece while the model is still writing.",
        "A stream sends each token as soon as it is there, and not the whole answer at the end."],
     w=["Streams matter because people needn't wait, but a stream that was cut must never look complete."],
     u=["Chat programs ask for streams, and the gateway relays them."],
     e=["For example, the first word of a streamed answer may come after a tenth of a second."])
term("prompt", "a", ["prompts", "input"],
     d=["A prompt is the text that a model gets to read before it answers.",
        "A prompt is the input of a call: the question with everything that belongs to it."],
     w=["Prompts matter because their tokens are counted and paid for as well."],
     u=["Applications write prompts, and models read them."],
     e=["For example, a prompt of one page may have six hundred tokens."])
term("output", "an", ["outputs", "answer"],
     d=["An output is the text that a model writes as its answer.",
        "An output is what comes back from a call; the usage terms say what may be done with it."],
     w=["Outputs matter because most owners don't let customers train a competing model with them."],
     u=["Customers use outputs, and provenance keeps their fingerprints."],
     e=["For example, the sentence that you are reading is an output of mine."])
term("extraction", "", ["model extraction", "distillation"],
     d=["Extraction is collecting so many outputs of a model that another model can be built from them.",
        "Extraction means to draw a model's knowledge out by asking it very many questions."],
     w=["Extraction matters because most usage terms forbid it, and a model owner loses its work by it."],
     u=["Conduct watches for extraction by its detectors."],
     e=["For example, a million questions from a list, day and night, look like extraction."])
term("detector", "a", ["detectors"],
     d=["A detector is a rule or a program that watches calls and raises a signal when something looks wrong.",
        "A detector looks for one kind of misuse, such as extraction, and tells conduct about it."],
     w=["Detectors matter because nobody can read millions of calls."],
     u=["The conduct team chooses the detectors and checks their signals."],
     e=["For example, one detector counts how often the same question comes in small changes."])
term("credential", "a", ["credentials", "secret"],
     d=["A credential is what somebody shows to prove who he or she is: a key or a sign-in.",
        "A credential is a proof of identity, such as a key."],
     w=["Credentials matter because the second step of each call is to find out whose call it is."],
     u=["Programs and users show credentials to the gateway."],
     e=["For example, a key in the header of a call is a credential."])
term("refusal", "a", ["refusals", "refused call"],
     d=["A refusal is a clear answer that a call will not be served, with the reason.",
        "A refusal ends a call before anything is sent or charged."],
     w=["Refusals matter because a call should rather be refused than be served without a record or a price."],
     u=["The gateway refuses, and the program shows the reason to its user."],
     e=["For example, a call from a closed market gets a refusal that names the market rule."])
term("clerk", "", ["the clerk"],
     d=["I am clerk, a tiny language model in Dogana's own engine, and I explain Dogana's words.",
        "Clerk is the small model that comes with Dogana: it was trained from scratch on the project's own text."],
     w=["Clerk matters because a demo without any provider still needs a real model that answers."],
     u=["People who try Dogana talk to clerk, and so do its tests."],
     e=["For example, you can ask clerk what a hold is."])
term("chargeback", "a", ["charge back", "showback"],
     d=["A chargeback passes the cost of models on to the teams inside a company that used them.",
        "A chargeback is an internal bill: each team sees and pays for its own calls."],
     w=["Chargebacks matter because a team that sees its costs uses models with more care."],
     u=["Platform teams use chargebacks inside their own company."],
     e=["For example, the search team is charged for its tokens and the support team for its own."])
term("upper bound", "an", ["the amount held"],
     d=["An upper bound is the most that a call can cost, worked out before it is sent.",
        "An upper bound is a number that the real cost must not exceed; a hold is taken for it."],
     w=["The upper bound matters because a budget is only safe when no call can cost more than was held."],
     u=["The gateway works out the upper bound from the prompt and the output limit."],
     e=["For example, one hundred tokens in and at most two hundred out give the upper bound of a call."])
term("correction", "a", ["corrections"],
     d=["A correction is a signed amount on a new document that puts an earlier one right.",
        "A correction changes the result without changing what was issued before."],
     w=["Corrections matter because issued documents are never rewritten."],
     u=["Billing makes corrections when usage arrives late."],
     e=["For example, usage of May that arrives in July becomes one correction on a new document."])

term("provider", "a", ["providers", "service provider"],
     d=["A provider is a company that runs models for others and answers calls over the net.",
        "A provider is whoever stands behind an upstream and charges for its work."],
     w=["Providers matter because what they charge is the cost side of every call."],
     u=["Operators attach providers as upstreams."],
     e=["For example, a cloud that runs a chat model behind an address is a provider."])
term("limit", "a", ["limits"],
     d=["A limit is a number that must not be exceeded: a quota, a budget or an output limit.",
        "A limit says how much is allowed, in tokens, in requests or in money."],
     w=["Limits matter because everything in a service for many has to end somewhere."],
     u=["Operators and customers set limits, and the gateway keeps to them."],
     e=["For example, an output limit of two hundred tokens ends an answer after two hundred tokens."])
term("forecast", "a", ["forecasts"],
     d=["A forecast says what usage or revenue will probably be, with an interval around it.",
        "A forecast is a careful guess about the next periods, made from the past ones."],
     w=["Forecasts matter because servers must be rented before the customers come."],
     u=["Planners read forecasts in insight and compare them with their guidance."],
     e=["For example, a forecast may say that revenue will grow by thirty percent, give or take two."])
term("snapshot", "a", ["snapshots"],
     d=["A snapshot is a fixed table of keys, routes, prices and standing that the gateway keeps in memory.",
        "A snapshot is a picture of the rules at one moment; a new one replaces it as a whole."],
     w=["Snapshots matter because a call must not wait for the store."],
     u=["The modules make snapshots, and the gateway reads them."],
     e=["For example, a revoked key is missing in the next snapshot, and so its calls are refused."])
term("dedup", "", ["deduplication", "duplicate", "duplicates"],
     d=["Dedup means that a record which arrives twice is counted once.",
        "Dedup is the work of intake that throws second copies of a usage record away."],
     w=["Dedup matters because nobody should pay twice for one call."],
     u=["Intake does the dedup with a number that each record keeps for ever."],
     e=["For example, a node that ships the same journal twice adds nothing the second time."])
term("content filter", "a", ["content filters", "filter"],
     d=["A content filter looks at prompts and answers and stops what must not pass.",
        "A content filter is a check of texts for things that a market or an agreement forbids."],
     w=["Content filters matter because some texts may not be served in some markets."],
     u=["Operators switch content filters on for a deployment."],
     e=["For example, a content filter may stop an answer that holds private data."])
term("embedding", "an", ["embeddings"],
     d=["An embedding is a list of numbers that stands for the meaning of a text.",
        "An embedding turns a text into numbers, so that like texts lie close together."],
     w=["Embeddings matter because they let a program search by meaning."],
     u=["Programs ask for embeddings at an address of their own, and they are metered too."],
     e=["For example, a shop finds articles that are like the one you are reading by their embeddings."])
term("webhook", "a", ["webhooks"],
     d=["A webhook is a message that Dogana sends to a program of yours when something has happened.",
        "A webhook is a call in the other direction: Dogana tells your program about a notice or an invoice."],
     w=["Webhooks matter because a program can react at once and needn't ask again and again."],
     u=["Developers give Dogana the address of a webhook."],
     e=["For example, a webhook may tell your program that a budget is nearly used up."])
term("shadow", "a", ["shadow call", "shadow calls", "shadowing"],
     d=["A shadow is a copy of a call that goes to a new model as well, without the customer seeing its answer.",
        "A shadow call tries a new model on real questions while the old model still answers."],
     w=["Shadows matter because one can compare two models before anything changes."],
     u=["Teams in a switchover begin with shadows."],
     e=["For example, one call in ten may be sent to the new model as a shadow."])
term("ramp", "a", ["ramps", "ramp up"],
     d=["A ramp moves more and more calls from one model to another.",
        "A ramp is the last part of a switchover: a small share of calls at first, and all of them at the end."],
     w=["A ramp matters because one can still go back while only few calls are concerned."],
     u=["Teams in a switchover set the ramp."],
     e=["For example, a ramp may go from ten percent to half and then to all calls."])
term("operator", "an", ["operators", "administrator"],
     d=["An operator is a person who runs Dogana: deployments, quotas, nodes and periods.",
        "An operator looks after the running service and changes its settings."],
     w=["Operators matter because somebody has to answer when an upstream fails."],
     u=["The seller employs the operators, and the audit log notes what they do."],
     e=["For example, an operator raises a quota or closes a period."])
term("customs house", "a", ["customs", "custom house"],
     d=["A customs house is the place where everything that passes is weighed, charged, checked and stamped, and Dogana is one for AI models.",
        "A customs house is what the Italian word Dogana means: a house at the border where goods are weighed, charged, checked and stamped."],
     w=["The customs house is a good picture because no call to a model gets past Dogana unseen."],
     u=["Every call goes through the customs house."],
     e=["For example, a call with three hundred tokens is weighed at three hundred tokens, charged by the price book, checked against the rules and stamped."])
term("open call", "an", ["open calls", "opened"],
     d=["An open call is a call that is noted in the journal as opened and not yet as closed.",
        "An open call is one that was sent and has not been settled yet."],
     w=["Open calls matter because after a crash each of them must be settled exactly once."],
     u=["A node looks for open calls in its journal when it starts."],
     e=["For example, a call that was running when the power failed is an open call."])

# --- yes or no -------------------------------------------------------------------------------------------------------
def yes_no(*rows):
    for q, a in rows:
        topic(q, a)


yes_no(
    (["is a suspension for ever", "can a suspension be lifted", "can a suspended family come back", "can a family be reinstated"],
     ["No suspension has to last for ever. A family can be reinstated after a cure or a successful appeal."]),
    (["does a suspension reach affiliates", "is a sister company suspended too", "can a customer come back under another name"],
     ["Yes, a suspension reaches every affiliate, because standing belongs to the whole family."]),
    (["can I change an issued invoice", "can an invoice be changed", "is an invoice ever rewritten"],
     ["No, an issued invoice is never rewritten. A credit note or a correction puts it right."]),
    (["does a hold cost anything", "is a hold a payment", "do I pay for a hold"],
     ["No, a hold only sets money aside. When the call ends, you pay what it really cost and the rest is given back."]),
    (["can a call cost more than its hold", "what if the provider charges more than was held"],
     ["That should not happen, but when it does, the excess is booked and reported as an overrun."]),
    (["can two nodes spend the same money", "can the sum of all nodes exceed a limit", "can a limit be exceeded with many nodes"],
     ["No, because each node spends only what its lease allows, and the sum of all leases never exceeds the limit."]),
    (["does every call leave a usage record", "is there a usage record for a failed call", "how many usage records does a call leave"],
     ["Yes, every call leaves exactly one usage record, also when it fails or is cut."]),
    (["are old calls rated at the new price", "what if the price changes", "does a new price book change old calls", "which price does a late call get"],
     ["No, each call is rated at the price of its own day, because a price book has dates."]),
    (["can a reseller ignore a suspension", "does the reseller have to follow a suspension"],
     ["Only if its agreement lets it. The suspension may be binding or reviewed, and the decision of the reseller is kept on record."]),
    (["does Dogana keep the text of my calls", "are my prompts stored", "does Dogana store outputs", "is my data stored"],
     ["Dogana keeps numbers and fingerprints for its records. Texts are logged only when the usage terms and your settings allow it."]),
    (["can one model have several upstreams", "can a deployment have two upstreams", "can there be more than one upstream"],
     ["Yes, a deployment may have several upstreams, and the gateway chooses among them by health and spillover."]),
    (["can a customer buy on both channels", "may one customer use two channels", "can I have two agreements"],
     ["Yes, a customer may hold agreements on both channels, and each call belongs to exactly one of them."]),
    (["does the customer notice a switchover", "does my program change in a switchover"],
     ["No, the deployment keeps its name, so the program goes on as before."]),
    (["does throttling stop a family", "is a throttled family served"],
     ["No, a throttled family is still served, only more slowly."]),
    (["who can suspend a family", "who decides about a suspension", "who suspends"],
     ["The model owner decides about a suspension, and each channel carries it as its agreement says."]),
    (["who can appeal", "how do I appeal", "where can a family appeal", "how does an appeal work"],
     ["The family that was hit by a measure can appeal. A person who didn't decide the case looks at it again."]),
    (["when is money taken", "when is a call paid", "when is the hold given back"],
     ["Money is held before the call is sent. When the call ends, the real cost is posted and the rest is given back."]),
    (["where is the journal", "where does a node keep its journal", "is the journal in the database"],
     ["Each node keeps its journal in a file on its own disk, and ships it to the store soon afterwards."]),
    (["what comes after rating", "what follows rating", "what is next after a rated line"],
     ["After rating comes the ledger: each rated line becomes a posting."]),
    (["what comes before a measure", "what must happen before a suspension", "can a family be suspended without notice"],
     ["Before a measure there are signals, a case and a notice with time to cure. Only in urgent cases may a suspension come at once."]),
    (["what comes first, metering or rating", "which comes first, rating or metering"], ["Metering comes first, because rating needs its usage records."]),
    (["why not bill from the logs", "why do I need exactly one record", "why exactly once"],
     ["Because a record that is lost is money lost, and a record that is counted twice is a false bill. One record for each call avoids both."]),
    (["why is the call refused and not served for free", "why refuse when the price is unknown"],
     ["Because a call without a price could never be billed correctly. Dogana would rather refuse than guess."]),
    (["what is half away from zero", "how do you round half a cent"], ["It means that half a cent is rounded up for a charge and down for a credit, so that a correction mirrors its original."]),
    (["how is a remainder divided", "how do you split a cent among partners", "what about odd cents in a split"],
     ["A split goes by the largest remainder, so that the parts always add up to the whole."]),
    (["which channel should I choose", "direct or reseller, which is better", "which channel is cheaper"],
     ["That depends on your agreement. The direct channel goes straight to the owner, and the reseller channel may come with other services and other prices."]),
    (["how do I add a model", "how do I put a new model into the catalog", "how do I offer a new model"],
     ["Write the model, its owner, its terms, its upstreams and its prices into a file, and run dogana apply with it."]),
    (["how do I add a customer", "how do I open an account for a customer", "how do I onboard a customer"],
     ["Create the organisation with dogana org or dogana apply, give it an agreement on a channel, and then create a key for its project."]),
    (["how do I close the month", "how do I make invoices", "what do I do at the end of the month", "how does the month end work"],
     ["Run dogana period close for the month, then dogana invoice for the customers and dogana statement for the partners."]),
    (["how do I revoke a key", "a key was stolen", "my key has leaked", "what do I do with a leaked key"],
     ["Revoke the key with dogana key and create a new one. Within a second no node accepts the old key any more."]),
    (["how do I raise a quota", "my quota is too low", "i get too many requests", "i hit the rate limit", "what does error 429 mean"],
     ["Your calls are faster than the quota allows. Wait a moment, or ask an operator to raise the quota of your project."]),
    (["my key stopped working", "our key does not work any more", "my key is refused", "every call is refused since this morning", "all our calls are refused", "suddenly nothing works"],
     ["The key may have been revoked, the family may be suspended, or the budget may be used up. The refusal says which it is, so please read its reason first."]),
    (["why is my bill so high", "my invoice is too high", "i was charged too much", "there is a mistake on my invoice", "the invoice is wrong"],
     ["Look at the lines of the invoice: each of them leads back to single calls. If something was billed by mistake, a credit note takes it off again."]),
    (["our account was suspended, what can we do", "we were suspended", "why were we suspended", "what can I do against a suspension"],
     ["Read the notice first, because it gives the reason. You can cure the fault, or you can appeal if the measure is wrong."]),
    (["we got a notice, what now", "i received a notice", "what do I do after a notice"],
     ["Put right what the notice names before its date, and tell the conduct team about it. Then the case can be closed without a measure."]),
    (["the answer was cut off", "my stream stopped in the middle", "the answer is not complete"],
     ["The upstream or the connection broke off. Dogana marks such an answer as not complete and charges only what was used."]),
    (["the service is slow", "why is it slow", "answers take too long"],
     ["The upstream may be busy. Reserved capacity or a second upstream for spillover would help."]),
    (["can I use my own model", "can I bring my own model", "how do I attach my own server"],
     ["Yes, any server that speaks the dialect of OpenAI can be attached as an upstream, and the engine runs small models by itself."]),
    (["how do I change the address in my program", "what do I change in my program", "how do I connect my client", "how do I connect my program"],
     ["Give your client the address of the gateway and a key of your project. Nothing else has to change."]),
    (["what does 503 mean", "why do I get error 503"], ["It means that the node can't be sure of its tables or that no upstream is free. Please try again in a moment."]),
    (["what does 401 mean", "why do I get error 401"], ["It means that the key is missing or unknown."]),
    (["what is the smallest unit of money", "how small can an amount be"], ["An amount can be as small as a millionth of a millionth of the currency unit."]),
    (["what is sold at the customs house", "what are the goods here"], ["The goods are calls to AI models, and each of them is weighed in tokens."]),
    (["name three words of Dogana", "give me three terms", "tell me three words"], ["Three of my words are hold, lease and invoice."]),
    (["name the four jobs of the customs house", "list what Dogana does with a call"], ["It weighs, charges, checks and stamps every call."]),
    (["list the steps of the money", "what are the stations of the money", "in which order does the money go"],
     ["The order is: usage record, rated line, posting, invoice, partner statement."]),
    (["list the verbs", "which commands are there", "what verbs does dogana have", "which verbs can I run", "what commands can I use", "list the commands"],
     ["Some of the verbs are demo, serve, apply, key, usage, invoice, statement, case, clear, insight, verify and audit."]),
    (["which kinds of channels are there", "how many channels are there", "name the channels"], ["There are two kinds of channels: direct and reseller."]),
    (["who are the parties", "which parties are there", "who is who in Dogana"], ["There are model owners, resellers and customers. Customers belong to families."]),
    (["which states can standing have", "what standings are there", "list the standings"], ["A family is in good standing, limited, throttled or suspended."]),
    (["who pays whom", "who is paid by whom on the reseller channel", "where does the money go when a reseller sells", "how is the money divided on the reseller channel"],
     ["The customer pays the reseller by an invoice, and the reseller pays the model owner its share by a partner statement."]),
    (["who gets the money on the direct channel", "how is the money divided on the direct channel", "does the cloud get a share of direct sales"],
     ["On the direct channel the model owner bills the customer. If a share agreement says so, the other partner gets a share of it."]),
    (["what is the picture of a customs house for", "why a customs house", "why compare it with customs"],
     ["At customs nothing passes without being weighed, charged, checked and stamped, and that is what Dogana does with calls to models."]),
)
assert len({t["name"] for t in TERMS.values()}) == len(TERMS)

# --- lists -----------------------------------------------------------------------------------------------------------
LISTS = [
    (["the steps of a call", "the ten steps of a call", "how a call flows", "the steps"],
     "The ten steps of a call are:", ["read", "identify", "standing", "market", "reserve", "route", "send", "relay", "settle", "end"]),
    (["the way of the money", "the steps of the money", "how the money flows", "the stations of the money"],
     "The money goes this way:", ["usage record", "rated line", "posting", "invoice", "partner statement"]),
    (["the flags of the usage terms", "the four flags", "what usage terms may allow"],
     "The four flags are:", ["serve", "log", "evaluate", "train"]),
    (["the measures", "the kinds of measures", "what a model owner may do against a family"],
     "The measures are:", ["to limit a family", "to throttle a family", "to suspend a family"]),
    (["the steps of conduct", "the conduct process", "how conduct works"],
     "Conduct goes through these steps:", ["signals", "case", "notice", "time to cure", "measure", "appeal"]),
    (["the dialects", "the interfaces that Dogana understands"],
     "Dogana understands three dialects:", ["OpenAI", "Azure OpenAI", "Anthropic"]),
    (["the steps of a switchover", "how a switchover goes"],
     "A switchover goes through these steps:", ["shadow", "evaluate", "split", "ramp"]),
    (["the verbs", "the most used verbs", "the commands"],
     "These verbs are used most:", ["dogana demo", "dogana serve", "dogana apply", "dogana key", "dogana invoice", "dogana statement", "dogana verify"]),
    (["the jobs of the customs house", "what Dogana does with a call"],
     "Dogana does four things with every call:", ["it weighs the call", "it charges the call", "it checks the call", "it stamps the call"]),
    (["the parties", "who takes part in a sale"],
     "The parties are:", ["the customer", "the reseller", "the model owner"]),
    (["reasons for a refusal", "why a call may be refused"],
     "A call may be refused because:", ["the key is unknown", "the family is suspended", "the market is closed", "the quota is used up", "the budget is used up", "there is no price"]),
    (["what to do at the end of a month", "the month end"],
     "At the end of a month do this:", ["dogana period close", "dogana invoice", "dogana statement", "dogana verify"]),
]

# --- small pieces of writing; the asker's {n} is not repeated: so small a model copies unknown names badly -------------------
WRITING = [
    (["write a notice to {n}", "write a notice for {n}", "draft a notice to the family {n}", "please write a short notice to {n}", "write a notice"],
     "Dear customer, we have seen signals that your calls may break the usage terms. Please put this right within seven days, or tell us why it is not so. You may answer this notice at any time."),
    (["write a message that {n} is suspended", "tell {n} that it is suspended", "draft a suspension for {n}", "write a suspension message to {n}"],
     "Dear customer, your family has been suspended after our notice was not answered. New calls are refused from today. You have the right to appeal."),
    (["write a message that {n} is reinstated", "tell {n} that it is reinstated", "draft a reinstatement for {n}"],
     "Dear customer, the fault has been cured, and your family is reinstated. Your calls are served again from now on."),
    (["write a short e-mail to {n} about its invoice", "write a message to {n} about the invoice", "draft a letter to {n} with its invoice", "write an e-mail about an invoice"],
     "Dear customer, your invoice for the last period is ready. Each line leads back to your calls, and we are glad to explain any of them."),
    (["write a message to {n} about a partner statement", "draft a letter to the partner {n}", "write to {n} about the statement"],
     "Dear partner, the partner statement for the last period is ready. It lists the sales, the shares and the amount to be paid."),
    (["welcome {n} as a new customer", "write a welcome message to {n}", "write a greeting for the new customer {n}", "write a welcome message"],
     "Welcome to the customs house. Your project is open, your first key is ready, and your quota is set."),
    (["write a message that the budget of {n} is used up", "warn {n} about its budget", "tell {n} that the budget is empty"],
     "Dear customer, the budget of your project is used up, and further calls will be refused. Please raise the budget or wait for the next period."),
    (["say hello to {n}", "greet {n}", "please greet {n}", "say good morning to {n}", "say hi to {n}"],
     "Hello, and welcome to the customs house. Which word may I explain?"),
    (["say goodbye to {n}", "say thank you to {n}", "thank {n} for me"],
     "Many thanks, and goodbye."),
    (["write a short note that the invoice of {n} is {k} days late", "remind {n} about an invoice that is {k} days late"],
     "Dear customer, your invoice is due. Please pay it, or tell us what is wrong with it."),
]

NAME_HELLO = ["Welcome to the customs house. What would you like to know?", "Hello, and welcome. Which of Dogana's words may I explain?"]
NAME_ASKED = ["I am sorry, but I can't keep names in mind. I only know about Dogana's own words."]
SUMS = ["I am no good at sums. Dogana itself calculates exactly, but I only know about its words."]

FIRMS_A = "Harbour North Blue Silver Green Alpine River Stone Bright Clear Golden Lotus Maple Cedar Iron Coral Delta Orion Summit Amber Falcon Willow Copper Meadow Polar Granite Crystal Velvet Cobalt Juniper".split()
FIRMS_B = "Games Video Labs Media Cloud Systems Trading Foods Works Travel Books Health Motors Robotics Studio Bank Energy Logistics Search Music Design Software Research Markets Toys".split()

TALK += [
    (["answer in json", "give me json", "reply with json", "answer as a table", "make a table"], ["I can only answer in plain sentences and short lists."]),
    (["do you know the glossary", "where is the glossary", "is there a glossary", "where can I read more", "where is the documentation"], ["The glossary is in the folder docs of the project, and I know the most important words of it."]),
    (["what is your favourite word", "which word do you like best"], ["My favourite word is ledger, because both of its sides are always equal."]),
    (["what is your job", "what do you do all day", "what is the job of a clerk", "do you like your job"], ["I sit at the customs house and explain its words to everybody who asks."]),
    (["can I trust you", "are your answers right", "are you reliable", "how good are you", "is what you say true"], ["Please don't trust me too far. I am a very small model, and the documentation is more reliable than I am."]),
    (["please", "clerk", "dogana clerk", "you there", "question", "i have a question", "may I ask something", "can I ask you something"], ["Please go ahead. Which of Dogana's words may I explain?"]),
]

# --- more ways to ask ------------------------------------------------------------------------------------------------
def ask(known, *ways):
    """Adds ways to ask to the topic that knows one already."""
    found = [q for q, _ in TOPICS if known in q]
    assert len(found) == 1, known
    found[0].extend(ways)


ask("how does a call flow through Dogana", "what steps does a call go through", "which steps does a request take", "how does a request travel through the system", "what is the path of a call", "show me the way of a call",
    "from the client to the upstream, what happens", "how are calls processed", "what does the gateway do with a call", "how does the pipeline work", "tell me how a call passes through the house", "a call comes in, what happens next",
    "life of a request", "how is a call handled from beginning to end", "what goes on between request and answer", "how many steps does a call have", "call flow", "request flow", "call flow in ten steps", "explain the call flow")
ask("how does the money flow", "how does money move through Dogana", "money flow", "what is the path of the money", "from usage to money, how does it go", "how do you turn tokens into a bill", "how is usage turned into money",
    "explain how the money goes", "what is the chain from a call to an invoice", "how does a call become money", "show me the way of the money", "how does billing work", "explain billing", "how do charges come about",
    "how does the payment side work", "what are the steps from metering to invoice", "where does an invoice come from", "how are invoices made", "trace the money for me", "what happens to the money")
ask("what happens when a family is suspended", "what are the consequences of a suspension", "describe what a suspension changes", "what follows from a suspension", "if the owner suspends a family, what happens",
    "a customer was suspended, what happens to its calls", "how does a suspension work", "family suspended", "what is the effect of a suspension", "tell me what happens after a suspension",
    "what do customers see when they are suspended", "suppose a family is suspended, what then", "how is a suspension carried out", "what will change for a suspended family", "what if we suspend a customer")
ask("can a suspended family still buy on another channel", "can somebody who is suspended go on buying through the cloud", "is a customer suspended everywhere", "does the reseller channel follow a suspension",
    "suspended by the owner, still served by the reseller, is that possible", "does a suspension on the direct channel reach the reseller channel", "can they buy through a reseller after a suspension", "what does a reseller do with a suspension")
ask("what does weighed, charged, checked and stamped mean", "explain weighed, charged, checked and stamped", "what is weighed and what is stamped", "what do you mean by weighed, charged, checked and stamped",
    "how is a call weighed", "how is a call stamped", "what does it mean to weigh a call", "what does Dogana do with every call")
ask("why is it called Dogana", "where does the name Dogana come from", "what is the origin of the name", "is Dogana an Italian word", "what language is Dogana", "translate dogana", "who came up with the name")
ask("what happens when the budget is used up", "budget used up", "what happens if my budget runs out", "the budget ran out", "what if I spend all my budget", "what happens at the end of a budget", "are calls refused without a budget", "no money left")
ask("what happens when the price is unknown", "unknown price", "no price in the price book", "a model is missing in the price book", "what happens to calls without a price", "how is a call without a price charged", "are calls free when there is no price")
ask("what happens when the journal can't be written", "journal broken", "the journal is full", "what does a node do without its journal", "is a call served when the journal fails", "what if there is no space for the journal")
ask("what happens after a crash", "crash recovery", "a node crashed, are calls lost", "do you lose calls in a crash", "what if the power fails", "what happens to running calls when a node dies", "is anything lost when a server stops",
    "how are open calls settled after a restart", "restart after a crash")
ask("what happens when a stream is cut", "the connection broke in the middle of a stream", "what happens when a client disconnects", "is a broken stream charged", "do I pay for an answer that broke off", "stream cut")
ask("what happens to late usage", "late usage", "usage arrives after the period was closed", "what if a node ships its journal too late", "how is late usage billed", "does late usage change an old invoice")
ask("how is rounding done", "rounding", "when do you round", "how many digits does an amount have", "are there rounding errors", "do you use floating point", "how precise is the calculation")
ask("how does the conduct process work", "a customer misuses a model, what happens", "what is done against misuse", "how is misuse handled", "how do you deal with a customer who breaks the terms", "conduct process",
    "from a signal to a measure, how does it go", "what happens before a suspension", "how does a case go", "explain the conduct process", "what if a customer collects outputs", "what if a customer breaks the usage terms")
ask("what measures are there", "kinds of measures", "which measures exist", "what kinds of measures do you know", "name the measures", "which steps can be taken against a family", "how can a family be punished")
ask("what are the four flags", "name the four flags", "which four flags are there", "serve log evaluate train", "what do the flags mean", "what does the train flag do", "what is the train flag")
ask("may I train a model on the outputs", "is training allowed", "am I allowed to train with the answers", "can we build our own model from the answers", "are we allowed to fine-tune on outputs", "can I use the answers to train my model",
    "training on outputs", "is it forbidden to train on outputs", "may we use outputs as training data", "may customers build a competing model")
ask("how do I show that my training data is clean", "how do I prove that my data is clean", "check my training data", "is there a check for training data", "how can I find outputs in my data set", "how does a clearance work", "how do I get a certificate",
    "how do I know that my data has no outputs in it")
ask("how do I move to another model", "how do I replace a model", "we want to use our own model instead", "how to change the model behind a deployment", "how do I migrate to another model", "what are the steps of a switchover", "replace the bought model by our own")
ask("how does Dogana run on many machines", "can Dogana run on several servers", "does Dogana scale", "multiple nodes", "how do I add a node", "high availability", "what happens when I add another server", "how is it clustered")
ask("what do I need to install", "requirements", "which database do I need", "is SQLite enough", "do I need PostgreSQL", "when do I need PostgreSQL", "system requirements")
ask("which clients can I use", "can I use the OpenAI library", "can I use the Anthropic client", "is Dogana compatible with OpenAI", "does Azure OpenAI work", "which dialects does the gateway understand", "which interfaces are there", "can I keep my client library")
ask("who uses Dogana", "for whom is Dogana", "who needs Dogana", "who would run Dogana", "is Dogana for me", "what kind of company needs Dogana", "who should run this")
ask("how do I get a key", "how to get an api key", "give me a key", "who creates keys", "where do keys come from", "how are keys made", "make a key", "new key")
ask("how do I try it", "how to try Dogana", "quick start", "getting started", "is there a demo", "how do I see a demo", "show me a demo", "how can I play with it", "what is the first command")
ask("why was my call refused", "refused call", "what does a refusal mean", "reasons for refusal", "when is a call refused", "my call came back with an error", "why did you refuse my call", "why would a call be refused")
ask("list some words of Dogana", "what terms are there", "which terms can you explain", "show me some words", "what vocabulary do you have", "which words should I learn first", "give me some words", "what can I learn from you")
ask("which parts does Dogana have", "what parts are there", "name the modules", "what is inside Dogana", "how is Dogana built", "what does Dogana consist of", "architecture of Dogana")
ask("who issues the invoice", "who writes the invoice", "from whom do I get the invoice", "who collects the money", "who invoices on the reseller channel", "who invoices on the direct channel")
ask("what does exactly once mean", "exactly once", "how are duplicates avoided", "what if a record arrives twice", "can I be charged twice", "are calls counted twice", "double billing", "how do you avoid duplicates")
ask("how do I check the books", "verify the ledger", "check the ledger", "how is the ledger checked", "how can an accountant check the numbers", "can I check the numbers myself", "is there a way to verify the books")
ask("how fast do changes reach the gateway", "how quickly is a key revoked", "how soon does a suspension take effect", "when does a new price take effect", "how long until all nodes know")
ask("what happens when the store is down", "the database is down", "database failure", "can Dogana run without its database", "what does a node do without the store", "PostgreSQL has failed")
ask("what if one customer is a quarter of the revenue", "one customer makes most of our revenue", "how dependent are we on one customer", "what would we lose if a customer left", "our largest customer is leaving")
ask("who pays whom", "who pays the owner", "how does the owner get its money", "who owes whom", "when a customer buys from a reseller, how is the owner paid", "how do reseller and owner divide the money", "does the reseller pay the model owner")
ask("my key stopped working", "our key stopped working", "why does our key not work", "calls are refused since yesterday", "we can't call the model any more", "nothing works since this morning", "all calls fail", "what could be the reason that our key is refused",
    "our application gets refusals only", "we get errors for every call", "why are all our calls refused", "since today every request fails")
ask("why is my bill so high", "my bill is wrong", "why did we pay so much", "I don't understand my invoice", "explain my invoice", "we were billed twice", "our costs are too high", "why did the costs go up")
ask("our account was suspended, what can we do", "we are suspended", "our family is suspended, help", "how do we get reinstated", "how can we be reinstated", "what should a suspended customer do", "why is our account blocked")
ask("how do I close the month", "month end", "how do I close a period", "end of the month", "how do I bill my customers", "how do I create the invoices of a month", "when can a period be closed")
ask("is a suspension for ever", "how long does a suspension last", "when does a suspension end", "how does a suspension end", "is there a way back after a suspension")
ask("does a hold cost anything", "is the hold charged", "what happens to a hold after the call", "when is a hold released", "do I get the hold back")
ask("does Dogana keep the text of my calls", "what does Dogana store about me", "what do you store about a call", "is the text of my calls logged", "privacy", "do you read my prompts", "are my calls private")
ask("how do I add a model", "add a model", "how can we sell a new model", "how does a model get into the catalog", "register a model", "how do I configure a model")
ask("how do I add a customer", "add a customer", "new customer", "how does a customer get access", "how do I give a customer access")

TALK += [
    (["say this is a test", "say: this is a test", "please say this is a test", "repeat: this is a test"], ["This is a test, and the call has passed through the customs house."]),
    (["say ok", "just say ok", "reply with ok", "answer with ok", "say yes", "answer with one word", "reply with one word"], ["OK."]),
    (["count to three", "count to five", "count from one to five"], ["One, two, three, four, five: each of them is weighed."]),
]

# --- still more ways to ask ------------------------------------------------------------------------------------------------
ask("how does the money flow", "how does the money get from the customer to the owner", "sketch the way of the money for me", "what is the journey of the money", "how do payments flow", "please show how money is passed on")
ask("who uses Dogana", "I want to sell models, is Dogana for me", "can a small company use Dogana", "would a cloud use Dogana", "who are the users of Dogana", "who would need such a system")
ask("what do I need to install", "what database should I choose", "which database should I use", "does Dogana run without a database")
ask("what is on an invoice", "what do I find on my invoice", "what lines does an invoice have", "how do I read an invoice", "how is an invoice built")
ask("what is on a partner statement", "how do I read a partner statement", "what do I find on a partner statement", "what lines does a partner statement have")
ask("what is in a usage record", "what does a usage record say", "what is noted in a usage record", "what do you write down about a call", "what does metering write down")
ask("how fast do changes reach the gateway", "how quickly do changes take effect", "do I have to wait after a change", "when is a suspension noticed by all nodes")
ask("who can suspend a family", "who has the right to suspend", "who may suspend a customer", "whose decision is a suspension")
ask("who can appeal", "to whom do I appeal", "how do we appeal against a suspension", "can we appeal")
ask("when is money taken", "when do I pay for a call", "at which moment is a call paid", "is money taken before or after the call", "how is a call paid")
ask("where is the journal", "is there one journal for each node", "how does the journal reach the store", "where are calls noted")
ask("what comes before a measure", "can a measure come without a warning", "is there a warning before a suspension", "do you warn a customer before a suspension")
ask("how is a remainder divided", "what happens to odd cents", "how do you divide a cent", "who gets the last cent")
ask("which channel should I choose", "should I buy direct or through a reseller", "what speaks for the reseller channel", "why should I buy through a reseller")
ask("we got a notice, what now", "what should we do after a notice", "what do I have to do when I get a notice", "a notice came today", "how do we answer a notice")
ask("the answer was cut off", "why was my answer cut", "the stream broke off", "I got only half of the answer", "only half an answer came")
ask("the service is slow", "calls are slow today", "how can we make calls faster", "why do answers take so long", "the answers come slowly")
ask("can I use my own model", "can Dogana use my own server", "may I attach a model of my own", "can I run my own weights", "can we use a local model")
ask("how do I change the address in my program", "how do I point my program at Dogana", "what do I have to change in my client", "how do I use Dogana from my program", "which address do I call")
ask("list the verbs", "what can I type after dogana", "which verbs are there", "show me the commands", "what are the commands of dogana")
ask("which kinds of channels are there", "in which ways can a customer buy", "how can a customer buy a model", "what are the two channels", "by which ways are models sold")
ask("which states can standing have", "what states of standing are there", "what can the standing of a family be", "how can a family stand")
ask("how do I revoke a key", "revoke a key", "somebody stole our key", "we lost a key", "how do I take a key away", "our key was leaked, what do we do")
ask("how do I raise a quota", "too many requests", "we are over our quota", "why am I limited", "we need a higher quota", "429")
ask("are old calls rated at the new price", "what happens when prices change", "we changed our prices, what about old calls", "do new prices hold for old calls")
ask("can one model have several upstreams", "how many upstreams can a deployment have", "what if an upstream fails", "an upstream is down", "what happens when an upstream breaks")
ask("what is the picture of a customs house for", "what has Dogana to do with customs", "is Dogana about real customs", "does Dogana deal with goods at the border")
ask("can I change an issued invoice", "how do I correct an invoice", "an invoice has to be corrected", "how are mistakes on an invoice corrected")
ask("do partners pay each other", "may both partners owe something", "is the share one way or two ways", "does the owner also pay the reseller", "is revenue shared in both directions")

topic(["is there a discount", "do you give discounts", "how do I get a better price", "can we get a lower price", "are there cheaper prices for large customers", "how can we save money"],
      ["Prices stand in the price book of your channel. Large customers often sign a commitment to get better ones."])
topic(["how do I pay", "how can I pay", "how is an invoice paid", "where do I pay my invoice", "when do I have to pay"],
      ["You pay the seller of record, who issues the invoice at the end of a period."])
topic(["what should I tell my customer about a high bill", "my customer complains about the bill", "a customer is angry about an invoice", "how do I explain a bill to my customer", "a customer doesn't believe the bill", "a customer disputes an invoice"],
      ["Show your customer the lines of the invoice. Each of them leads back to single calls, and dogana verify proves that they add up."])
topic(["summarise Dogana", "what does Dogana do", "Dogana in one sentence", "summarise what Dogana does", "what is this product about", "sum up Dogana", "what is all this about", "what does this system do", "give me a summary of Dogana", "what is the purpose of Dogana",
       "what is Dogana good at", "describe the product"],
      ["Dogana lets customers reach AI models through one gateway, and it meters, bills and checks every call and keeps the proof of it."])
topic(["I want to sell models, what do I need", "how do I sell a model", "how do I become a reseller", "what do I need to sell models", "how do I start to sell access to models", "what must I set up to sell a model"],
      ["You need a model in the catalog, an upstream that runs it, a price book for your channel, and an agreement with each customer. One file with dogana apply sets all of it up."])
topic(["how are images priced", "does Dogana meter images", "can I generate images", "are images supported", "what about image models"],
      ["Calls to image models are passed through, metered and priced like all others, but I can only write text myself."])
topic(["how does the gateway choose an upstream", "how is the route chosen", "which upstream is used", "how does routing work", "who decides where a call goes"],
      ["The gateway looks at the upstreams of the deployment, leaves out the broken ones, and takes one with free capacity; what doesn't fit spills over to the next."])
topic(["how is a hold worked out", "how large is a hold", "how much is held for a call", "how do you know what a call can cost", "how is the upper bound worked out"],
      ["The hold is the most that a call can cost: the tokens of the prompt and the output limit, at the dearest price that the call can reach."])
topic(["what is the relation between a family and an organisation", "does an organisation belong to a family", "how many organisations has a family", "can an organisation be in two families"],
      ["Each organisation belongs to one family, and a family may have many organisations."])
topic(["how are a hold and an invoice related", "what has a hold to do with an invoice", "is a hold on my invoice", "do holds appear on an invoice"],
      ["A hold never stands on an invoice. Only what a call really cost is posted and billed."])

_NEXT = [("after", 1), ("before", -1)]
for _i, _s in enumerate(STEPS):
    for _word, _by in _NEXT:
        if 0 <= _i + _by < len(STEPS):
            topic(["which step comes %s the step %s" % (_word, _s[1]), "what comes %s %s" % (_word, _s[1]), "what is the step %s %s" % (_word, _s[1]), "which step is %s the %s step" % (_word, _s[0]),
                   "what happens %s the step %s" % (_word, _s[1]), "what does Dogana do %s the step %s" % (_word, _s[1])],
                  [STEPS[_i + _by][2]])

THANKS = ["thank you", "thanks", "many thanks", "thank you very much", "thanks a lot", "thanks so much"]
THANKS_TAIL = [", that was helpful", ", that helped", " for your help", " for the explanation", ", very clear", ", I understand now", ", that is all I need", ", great answer", " for your time", ", clerk", ", that is what I wanted to know",
               ", now I see", ", good to know", " for the answer", ", you helped me a lot"]
HELLO = ["hello", "hi", "hey", "good day", "hello there", "hi there"]
HELLO_TAIL = [", nice to meet you", ", are you there", ", can you help me", " and good day", ", I am new here", ", clerk", ", how are you today", ", I have a question", ", is anybody here", ", what can you do for me", ", pleased to meet you"]
