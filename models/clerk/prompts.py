"""A few fixed prompts that show what clerk can do. Those in GOLDEN also go into golden.json, for the engine's tests."""

PROMPTS = [
    [("user", "Hello!")],
    [("user", "Who are you?")],
    [("user", "What is a channel?")],
    [("user", "define lease")],
    [("user", "What happens when a family is suspended?")],
    [("user", "Why does the reseller get a statement?")],
    [("user", "What does dogana verify do?")],
    [("system", "You are a helpful assistant."), ("user", "Explain the price book in one sentence.")],
    [("user", "What is a quota?"), ("assistant", "A quota is a limit on how many requests or tokens a customer may use in a minute."), ("user", "And a budget?")],
    [("user", "wat is a depoyment")],
    [("user", "What is 3 plus 4?")],
    [("user", "Write a Python function that sorts a list.")],
    [("user", "My name is Martha."), ("assistant", "Hello, and welcome. Which of Dogana's words may I explain?"), ("user", "What is my name?")],
    [("system", "You are the support bot of Harbour Games. Answer the customer in one or two sentences."),
     ("user", "Our key stopped working this morning and every call is refused. What could be the reason?")],
]

GOLDEN = [0, 2, 4, 7, 8]
LIMIT = 120
