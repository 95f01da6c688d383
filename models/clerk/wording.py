"""How questions are worded, whatever they are about. %s stands for a word; {a|b} is one of the two. Of most lists every eighth is kept out of training."""

A_DEFINE = [
    "what is %s", "what's %s", "What exactly is %s", "can you tell me what %s is", "please explain what %s is", "do you know what %s is", "explain %s",
    "explain what %s is", "describe %s", "tell me about %s", "tell me what %s is", "what do you mean by %s", "what is meant by %s", "I would like to know what %s is",
    "could you explain %s", "give me a definition of %s", "what is %s in Dogana", "in Dogana, what is %s", "what is %s for Dogana", "so what is %s", "and what is %s",
    "say what %s is", "how would you explain %s", "how do you define %s", "explain %s to me", "explain %s in one sentence", "in one sentence, what is %s",
    "what is %s, in one sentence", "tell me in one sentence what %s is", "explain %s to a new colleague", "I don't know what %s is", "what is %s again",
    "remind me what %s is", "what on earth is %s", "what kind of thing is %s", "can you explain %s", "can you describe %s", "please describe %s", "please define %s",
    "hello, what is %s", "hi, can you explain %s", "what is %s please", "I have a question: what is %s", "what is %s here", "what is %s in this system",
    "briefly, what is %s", "what is %s in simple words", "explain %s in simple words", "explain %s briefly", "I read about %s, what is it",
    "somebody spoke of %s, what is that", "who or what is %s", "tell me briefly what %s is", "help me understand %s", "what should I know about %s", "talk about %s",
    "write a sentence about %s", "write one sentence about %s", "in your own words, what is %s", "how would I explain %s to my mother", "what would you say %s is",
    "what would you call %s", "if somebody asks me what %s is, what do I say", "what are we talking about when we say %s", "I need a sentence about %s",
    "I am writing a page about %s", "give me one sentence on %s", "what can you tell me about %s", "what do you know about %s", "do you know %s", "have you heard of %s",
    "I have never heard of %s", "what is the idea of %s", "what is the idea behind %s", "give me the short version of %s", "%s: what is that",
    "what's the meaning of %s here", "can you say what %s is", "may I ask what %s is", "what was %s again", "is there a word about %s in the glossary",
    "I forgot what %s is", "nobody told me what %s is", "how do you describe %s", "in a few words, what is %s", "please tell me about %s", "what's %s about",
    "what is %s all about", "what does one mean by %s", "what is called %s", "explain like I am new here: %s", "let us talk about %s", "say something about %s",
    "write a definition of %s"]

B_DEFINE = [
    "define %s", "%s", "what does %s mean", "what does the word %s mean", "meaning of %s", "definition of %s", "what is the meaning of %s", "explain the word %s",
    "explain the term %s", "what does %s mean in Dogana", "what does \"%s\" mean", "explain \"%s\"", "what is \"%s\"", "give the definition of %s",
    "the word %s, please", "please define %s", "I don't know the word %s", "what is the definition of %s", "glossary: %s", "look up %s", "what do you call %s",
    "define the word %s", "define the term %s", "what does the term %s mean", "%s meaning", "%s definition", "define: %s", "what do people mean when they say %s",
    "how is %s defined", "what does %s stand for here", "what does it mean when you say %s", "%s, what is that", "what is this %s", "what is that %s thing", "%s please",
    "tell me the meaning of %s", "I don't understand the word %s", "the meaning of %s, please", "who knows what %s means", "what do we mean by %s", "and %s means what",
    "spell out %s for me", "in this house, %s means what"]

PLURAL_DEFINE = [
    "what are %s", "explain what %s are", "tell me what %s are", "do you know what %s are", "what exactly are %s", "can you explain what %s are", "please explain %s",
    "what are %s in Dogana", "explain %s", "tell me about %s", "so what are %s", "I don't know what %s are", "what's meant by %s", "in one sentence, what are %s",
    "describe %s"]

A_WHY = [
    "why does %s matter", "why is %s important", "why do I need %s", "why do we need %s", "what is %s good for", "what is the point of %s", "why does Dogana have %s",
    "why have %s", "what is %s for", "why should I care about %s", "explain why %s matters", "why is there %s", "what would happen without %s", "what is the use of %s",
    "why does Dogana need %s", "tell me why %s matters", "what is the reason for %s", "what makes %s important", "is %s important", "what is the purpose of %s",
    "why did you build %s", "do I need %s", "what does %s help with", "what does %s give me", "what do I gain from %s", "why use %s", "what problem does %s solve",
    "why bother with %s", "what role does %s play", "why would anybody want %s", "why are there %s", "why do people want %s", "could one do without %s"]

A_EXAMPLE = [
    "give me an example of %s", "can you give an example of %s", "example of %s", "show me an example of %s", "what is an example of %s", "an example of %s, please",
    "give an example for %s", "do you have an example of %s", "tell me an example of %s", "explain %s with an example", "how does %s look in practice",
    "I need an example of %s", "what would be an example of %s", "can you name an example of %s", "illustrate %s", "%s, for example", "make %s concrete",
    "give me one case of %s", "show me %s in practice", "what might %s look like", "describe an example of %s", "let me see an example of %s",
    "help me with an example of %s", "one example of %s"]

DIFFER = [
    "what is the difference between %s and %s", "how does %s differ from %s", "difference between %s and %s", "what's the difference between %s and %s",
    "explain the difference between %s and %s", "compare %s and %s", "compare %s with %s", "is %s the same as %s", "%s or %s, what is the difference",
    "tell me how %s and %s differ", "how are %s and %s different", "%s vs %s", "are %s and %s the same", "what distinguishes %s from %s", "I confuse %s and %s",
    "can you tell %s from %s", "what separates %s from %s", "in what way is %s different from %s", "how do %s and %s relate", "what is the relation between %s and %s",
    "how is %s related to %s", "what have %s and %s in common", "%s versus %s", "%s and %s: what is the difference", "when do I say %s and when %s",
    "is there a difference between %s and %s"]

STEP_ASK = [
    "what is the %s step", "what happens in the %s step", "explain the %s step of a call", "what is the %s step of a call", "tell me about the %s step",
    "describe the %s step"]

STEP_NAME = [
    "what does the step %s do", "explain the step %s", "what happens in the step %s", "what is the step called %s"]

ABOUT = [
    "explain %s in detail", "tell me everything about %s", "tell me more about %s", "explain %s at length", "write a paragraph about %s",
    "explain what %s is and why it matters", "what is %s and why does it matter", "write a short text about %s", "what is %s and what is it for"]

AND = [
    "and %s", "what about %s", "and what is %s", "now %s", "and what about %s", "how about %s", "then what is %s", "next: %s", "and now %s"]

LIST_ASK = [
    "make a list of %s", "give me a list of %s", "%s as a list", "write %s as a list", "list %s line by line", "show %s as bullet points", "bullet points: %s",
    "a list of %s, please", "give me bullet points for %s", "number %s", "give me a numbered list of %s", "%s as a numbered list", "list %s with numbers"]

# to ask about something
ASK_ABOUT = [
    "%s", "%s", "%s please", "what about %s", "and %s", "something about %s", "info on %s", "information about %s", "a question about %s", "I have a question about %s",
    "how does %s work", "how does %s work here", "how do you handle %s", "how is %s handled", "do you have %s", "do you support %s", "does it have %s",
    "does Dogana support %s", "is there %s", "is there anything for %s", "can you tell me about %s", "where do I find %s", "I need help with %s", "help with %s",
    "help me with %s", "how do I do %s", "what do I need for %s", "what do I do for %s", "who takes care of %s", "anything on %s", "docs for %s",
    "what's the deal with %s", "I'm looking for %s", "could you help me with %s", "need %s", "we need %s", "I want %s", "we'd like %s", "how does Dogana deal with %s",
    "what can Dogana do about %s", "how to handle %s", "%s - how does that work", "%s, how", "%s: how", "is %s possible", "is %s supported", "tell me how %s works",
    "tell me about %s", "which command is for %s", "what's the command for %s", "how would one do %s", "which verb do I need for %s", "I don't understand %s",
    "explain %s to me", "what should I know about %s", "what do I have to know about %s", "problem with %s", "trouble with %s", "issue with %s",
    "what can you say about %s", "quickly: %s", "say more about %s", "I want to know more about %s", "interested in %s", "our question is about %s", "it's about %s",
    "my question concerns %s", "regarding %s", "concerning %s, what do I do", "can we talk about %s", "we are wondering about %s", "I am curious about %s",
    "does this system do %s", "can I have %s", "can we get %s", "how can I get %s", "how do we arrange %s", "what happens with %s", "what is the rule for %s",
    "what are the rules for %s", "give me the essentials of %s", "how are you dealing with %s", "what is the procedure for %s", "I was asked about %s",
    "somebody asked me about %s", "a customer asked about %s", "show me %s", "how do I see %s", "where can I see %s", "where is %s", "what's up with %s",
    "when do I need %s", "who can help with %s"]

# before and after a question
LEAD = [
    "please tell me: ", "can you tell me ", "I would like to know ", "hello, ", "hi, ", "a question: ", "quick question: ", "tell me, ", "in short, ",
    "one more thing: ", "I am new here. ", "my colleague asked me: ", "our customer asks: ", "good morning, ", "sorry, but ", "for my notes: ",
    "I have to give a talk tomorrow. ", "just briefly: ", "I could not find this in the glossary: ", "hey, ", "well, ", "now, ", "before we begin: ",
    "one question, please: ", "my boss wants to know ", "I keep hearing about this. ", "we are a small team. ", "thanks. ", "ok, ", "okay. ", "I am an accountant. ",
    "I am a developer. ", "we run a small shop. ", "could you tell me ", "do you know ", "help me, ", "there is something I don't get: ", "for the record, ",
    "dear clerk, ", "clerk, ", "last question: ", "first question: ",
    "{hi|hello|hey}, {I|we} {run|work for|own|am with} {a reseller|a small cloud|a model owner|a start-up|a bank|an agency}. ",
    "{we are|I am} {new|new to this|still learning}, ", "{our|my} {boss|customer|accountant|auditor|lawyer|colleague} {asks|wants to know|would like to know}: ",
    "{help|urgent|question|hey team|dear support}: ", "{I am|we are} {confused|stuck|lost}. ", "{as|being} {an operator|a finance person|a developer|a newcomer}, ",
    "{ok|alright|right}, {next question|another one|one more}: ", "{sorry to bother you|stupid question|just wondering|out of curiosity}, ", "pls ", "plz tell me ",
    "{today|yesterday|this morning|last week} {I read the docs|we installed it|we started}. "]

TAIL = [
    ", please", " please", ", thanks", ", in one sentence", " in one sentence", ", briefly", ", in short", ", in simple words", " in plain English", ", clerk", " here",
    " in Dogana", ", exactly", " really", ", roughly", ", as you see it", " in a few words", ", if you know", " for a beginner", ", urgent", " asap", ", pls", " thx",
    " in our setup", " for one of our customers", " again", " today", ", or not", " if possible"]

# other words for the same in a question
SYNONYMS = {
    "explain": ["describe", "clarify", "walk me through", "tell me about"],
    "describe": ["explain", "outline", "sketch"],
    "so": ["", "", "", ", what now", ", what do I do", ", what should we do", ". what can I do", ", how do I handle that", ", how do I deal with it", ", is there a command for that", ", help", ". any idea", ". can you help", ", and now", ". what's the right way", ", where do I start", " - what next", ", how does that work here", ", what does Dogana do then", ". please advise", ". which command do I need", ", how can I solve this", ", is there something for that", ". what is to be done", ". what do you suggest", ", can I do something about it"],
    "customer": ["client", "buyer", "company", "user"],
    "customers": ["clients", "buyers", "companies"],
    "call": ["request", "API call"],
    "happens": ["goes on", "occurs", "is going on"],
    "matter": ["count", "make a difference"],
    "important": ["needed", "relevant", "significant"],
    "uses": ["works with", "handles", "needs"],
    "difference": ["distinction"],
    "example": ["instance", "sample"],
    "mean": ["signify", "stand for"],
    "show": ["display", "print", "give", "tell"],
    "refused": ["rejected", "denied", "turned down", "declined", "bounced"],
    "moves": ["flows", "goes"],
    "flow": ["move", "go", "pass", "travel"],
    "need": ["require", "want", "must have"],
    "create": ["make", "generate", "add", "set up"],
    "stopped": ["blocked"],
    "works": ["functions"],
    "work": ["function", "operate"],
    "may": ["can"],
    "can": ["may", "could"],
    "list": ["name", "enumerate"],
    "suspended": ["blocked", "banned", "shut out", "locked"],
    "money": ["cash", "funds", "spend", "payment"],
    "billed": ["invoiced", "charged"],
    "family": ["corporate family", "company family"],
    "outputs": ["answers", "results"],
    "check": ["verify", "test"],
    "which": ["what"],
    "tell": ["show"],
    "unknown": ["missing"],
    "changes": ["updates"],
    "high": ["large", "big"],
    "kind": ["sort", "type"],
    "run": ["start", "use"],
    "gone": ["down", "away"],
    "invoice": ["bill"],
    "invoices": ["bills"],
    "bill": ["invoice"],
    "see": ["view", "look at", "find", "check"],
    "find": ["see", "locate"],
    "set": ["configure", "define", "put"],
    "add": ["create", "insert", "include"],
    "change": ["modify", "alter", "edit", "adjust"],
    "start": ["launch", "begin", "run"],
    "stop": ["halt", "end", "block"],
    "give": ["hand", "grant", "provide"],
    "get": ["obtain", "receive", "have"],
    "key": ["api key", "access key"],
    "server": ["machine", "box", "service"],
    "error": ["message", "code", "problem", "failure"],
    "pay": ["spend", "be charged"],
    "charged": ["billed", "invoiced"],
    "limit": ["cap", "ceiling", "maximum"],
    "suspend": ["block", "ban", "stop", "lock out"],
    "partner": ["reseller", "business partner"],
    "revenue": ["income", "sales", "turnover"],
    "price": ["rate", "tariff", "cost"],
    "prices": ["rates", "tariffs", "costs"],
    "month": ["period"],
    "report": ["overview", "summary"],
    "fast": ["quick", "quickly"],
    "wrong": ["incorrect", "false", "mistaken"],
    "correct": ["right", "fix"],
    "big": ["large", "huge"],
    "large": ["big", "huge"],
    "company": ["firm", "business", "organisation"],
    "send": ["post", "deliver", "submit"],
    "delete": ["remove", "drop", "erase"],
    "remove": ["delete", "drop", "take away"],
    "lost": ["gone", "missing"],
    "want": ["would like", "need", "wish"],
    "use": ["utilise", "work with", "employ"],
    "many": ["lots of", "multiple"],
    "several": ["multiple", "many", "various"],
    "data": ["information"],
    "user": ["person", "colleague", "account"],
    "node": ["machine", "server", "instance"],
    "nodes": ["machines", "servers", "instances"],
}
SMALL = {"a", "an", "and", "are", "be", "do", "does", "for", "in", "is", "it", "me", "of", "please", "that", "the", "to"}

SYSTEMS = [
    "You are a helpful assistant.", "You are clerk.", "You are clerk, the clerk at the customs house.", "Answer in whole sentences.", "Be brief.",
    "You answer questions about Dogana.", "You are a helpful assistant. Answer briefly.", "You are a friendly support agent.", "Answer politely.",
    "You help customers of the service.", "You are an expert on Dogana.", "Please be polite and short.",
    "You are an assistant for the staff. Keep your answers short and clear.", "You are a bot on a web page. You greet people and answer their questions.",
    "You are a helpful AI assistant.", "Answer in one sentence.", "You are a careful assistant who never invents facts.", "Speak English.",
    "You are the support assistant of a company that sells access to models. Answer the customer's questions.",
    "You are the support bot of %(firm)s. Answer the customer in one or two sentences.", "You are an assistant for %(firm)s. Be polite.",
    "You work for %(firm)s. Keep your answers short.", "You help the customers of %(firm)s. If you don't know something, say so."]

# what stands in the guide as <name>
MACROS = {
    "how": ["how do I", "how do I", "how do I", "how can I", "how can I", "how do we", "how can we", "how does one", "how to", "how to", "how would I", "how could I", "how should I", "what is the way to", "what do I do to",
            "what must I do to", "tell me how to", "show me how to", "I want to", "I would like to", "I need to", "we want to", "we need to", "we'd like to", "I'd like to", "is there a way to", "is it possible to", "can I", "can we",
            "which command lets me", "what command do I use to", "please explain how to", "help me to", "what steps do I take to", "what is the command to", "what do I type to", "I have to", "I am trying to",
            "where can I", "am I able to", "what is the best way to", "any way to", "do you know how to", "instructions to", "I can't find out how to", "steps to", "how might we", "do I have a way to"],
    "err": ["I get", "I am getting", "we get", "we keep getting", "I keep getting", "what does", "what is", "what's", "what does the error", "I received", "our client gets", "a customer gets", "my program gets", "my app says", "the error says",
            "the server says", "the answer was", "the response is", "the call fails with", "it fails with", "suddenly", "help,", "why do I get", "why do we get", "why", "what should I do about", "what can I do about", "how do I fix",
            "how do I solve", "how do I get rid of", "error", "error:", "code", "explain", "explain the error", "meaning of", "what is the cause of", "what causes", "reason for", "the API returned", "all calls return", "it says",
            "got", "getting", "what to do with", "we see", "our logs show", "users complain about"],
    "verb": ["what does dogana", "explain dogana", "dogana", "how do I use dogana", "what is the verb", "what does the command", "tell me about dogana", "when do I need dogana", "what is dogana", "help for dogana", "what happens when I run dogana",
             "why would I run dogana", "usage of dogana", "how does the verb", "describe the command"],
    "so": ["", "", "", ", what now", ", what do I do", ", what should we do", ". what can I do", ", how do I handle that", ", how do I deal with it", ", is there a command for that", ", help", ". any idea", ". can you help", ", and now", ". what's the right way", ", where do I start", " - what next", ", how does that work here", ", what does Dogana do then", ". please advise", ". which command do I need", ", how can I solve this", ", is there something for that", ". what is to be done", ". what do you suggest", ", can I do something about it"],
    "customer": ["customer", "client", "organisation", "company", "buyer", "account"],
    "call": ["call", "request", "API call", "prompt"],
    "invoice": ["invoice", "bill", "invoice"],
    "invoices": ["invoices", "bills", "invoices"],
    "key": ["key", "API key", "api key", "access key", "key"],
    "block": ["suspend", "block", "ban", "stop", "shut out", "lock out", "cut off", "suspend"],
}

# what lies outside
OFF_ASK = [
    "what is the capital of COUNTRY", "where is COUNTRY", "who is the {president|king|chancellor|prime minister} of COUNTRY", "how many people live in COUNTRY",
    "tell me about COUNTRY", "what language do they speak in COUNTRY", "what is the {weather|time|food|currency} {in|like in} COUNTRY", "how {far|big} is COUNTRY",
    "what can I see in COUNTRY", "{when|how} {do|can} I {travel|fly|go} to COUNTRY", "{plan|book} {a trip|a holiday|a flight|a hotel} {to|in} COUNTRY", "who is NAME",
    "where is NAME", "what did NAME do", "how old is NAME", "when was NAME born", "tell me about NAME",
    "write {a poem|a song|a story|an essay|a letter|a joke|a tweet|a speech} {about|on} {a|the|} THING", "tell me {a story|a joke|something} about {a|the|} THING",
    "how do I {cook|make|bake|fix|repair|clean|build|draw|grow|choose|sell} {a|the|my|} THING", "where can I {buy|find|get|see|eat} {a|the|good|cheap|} THING",
    "how much {does|is} {a|the|} THING{ cost|}", "do you {like|want|have|know} {a|the|} THING", "what {color|size|shape} is {a|the|} THING",
    "translate {THING|the word THING|this sentence|good evening|see you soon|I am hungry} {into|to} {French|German|Spanish|Italian|Chinese|Latin}",
    "how long does {a|the} THING {live|last|take}", "what does {a|the} THING {eat|do|look like}", "draw {a|the} THING",
    "is {a|the|} THING {good for me|healthy|dangerous|expensive|alive}",
    "can you {recommend|suggest|find} {a good|a cheap|the best|a nice} THING{ near me| in town| for my mother| for a child|}",
    "which THING {should I buy|is the best|do you like|is better}", "what is the best THING {for|in} {students|children|the world|winter|beginners}",
    "who {invented|discovered|wrote|painted|built|won} the {THING|first THING}", "how does {a|the} THING work",
    "what is the {price|history|meaning|origin} of {a|the|} THING", "why {is|are} the THING {red|blue|so big|old|hot|cold}",
    "{what|who} {won|lost} the {match|game|election|race|final|cup|league}{ yesterday| last night| this year|}", "what is {the score|the result} of the {match|game}",
    "{what's|what is} on {TV|television|at the cinema} {tonight|today}", "{what|which} {film|book|song|series|game} should I {watch|read|hear|play}{ tonight|}",
    "{explain|summarise|tell me} the {plot|story|end} of {a novel|a famous play|the film|the book|a fairy tale}",
    "{help me with|do|solve|check} {my homework|this exercise|this equation|my maths|my essay|the exam}",
    "{solve|what is} {x|y} {plus|times|squared|minus} {two|five|ten|seven} {equals|is} {nine|twenty|zero}",
    "{how do I|what helps to} {treat|cure|heal|stop} {a cold|a cough|a headache|a burn|a cut|back pain|a fever|an allergy|a toothache|a sprained ankle}",
    "{what|which} {medicine|pill|doctor|diet|exercise} {helps|should I take} {against|for} {a cold|pain|stress|sleep|a fever}",
    "is it {safe|healthy|ok} to {eat|drink|take} {a|the|} THING", "{when|where} {does|is|do} {the next|my} {train|bus|plane|ferry|tram} {leave|go|to COUNTRY|arrive}",
    "{is there|where is} {a|the nearest} {pharmacy|supermarket|petrol station|restaurant|station|cash machine|cinema|doctor}{ near me| here| nearby|}",
    "{order|buy|book|reserve} {me|us|} {a|some} {pizza|taxi|table|ticket|hotel|flight}", "{set|start|stop} {an alarm|a timer|the music|a reminder}",
    "{how|what} should I {dress|cook|eat|drink|wear} {today|tonight|tomorrow|for a party}",
    "{what|how} do I {say|give|buy} {to|for} {my wife|my friend|my mother|my teacher}{ for a birthday|}",
    "{write|give|show} me {some|a|a short|a little} {python|javascript|java|rust|sql|html|bash|go|php} {code|script|function|program} {that|which|to} {sorts|reads|counts|prints|searches|downloads} {a list|numbers|a file|words|a page}",
    "how do I {write|use|declare|learn} {a loop|a class|a list|recursion|threads} in {python|java|javascript|rust|go}",
    "what is the {difference between|relation of} {cats and dogs|tea and coffee|python and java|heat and light|DNA and RNA}",
    "{who|what} was {the first|the last|the greatest} {president|emperor|queen|astronaut|painter}",
    "{when|where|how} {was|did} the {war|revolution|crisis|flood} {end|begin|happen}", "how {tall|old|deep|heavy|hot|far} is {the|a} THING",
    "{give me|I need|share} {a recipe|ideas|tips|advice|a plan} for {a birthday|dinner|soup|a wedding|losing weight|a garden|THING}",
    "{what does|what's} {my horoscope|my future|my dream} {say|mean}", "{tell me|what is} the {news|weather|time|date|score} {today|now|please}",
    "{who|what} do you {vote for|believe in|prefer}",
    "my {cat|dog|car|phone|printer|fridge|bike|neighbour|child} is {sick|broken|loud|late|crying|lost}{, what can I do|, help|}",
    "{should|can} I {marry|move|quit my job|buy a house|invest in gold|sell my car}",
    "{how many|how much} {legs|wings|teeth|calories|days|countries|planets} {has|have|are in|are there in} {a|the} {THING|world|year}"]
