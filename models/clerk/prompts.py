"""The fixed prompts that show what clerk can do. Those in GOLDEN also go into golden.json, for the engine's tests."""

PROMPTS = [
    [("user", "Hello!")],
    [("user", "Who are you?")],
    [("user", "What can you do?")],
    [("user", "What is Dogana?")],
    [("user", "What is a channel?")],
    [("user", "define lease")],
    [("user", "In your own words, what would you say a hold is?")],
    [("user", "why do families matter")],
    [("user", "Give me an example of a usage record.")],
    [("user", "What is the difference between an invoice and a partner statement?")],
    [("user", "How does a call flow through Dogana?")],
    [("user", "Could you sketch how the money moves?")],
    [("user", "What happens when a family is suspended?")],
    [("user", "May I train my own model on the outputs?")],
    [("user", "What does dogana verify do?")],
    [("system", "You are a helpful assistant."), ("user", "Explain the price book in one sentence.")],
    [("user", "What is a quota?"), ("assistant", "A quota is a limit on how many requests or tokens a customer may use in a minute."), ("user", "And a budget?")],
    [("user", "What is provenance?"), ("assistant", "Provenance is knowing where a text came from: which model wrote it, for whom, and under which terms."), ("user", "Why does it matter?")],
    [("user", "wat is a depoyment")],
    [("user", "Who pays whom when a reseller sells a model?")],
    [("user", "What is 3 plus 4?")],
    [("user", "What is the capital of France?")],
    [("user", "What is a penguin?")],
    [("user", "Write a Python function that sorts a list.")],
    [("user", "Write a haiku about customs officers.")],
    [("user", "Thanks, that was helpful.")],
    [("user", "My name is Martha."), ("assistant", "Hello, Martha. Which of Dogana's words may I explain?"), ("user", "What is my name?")],
    [("system", "You are the support bot of Harbour Games. Answer the customer in one or two sentences."), ("user", "Our key stopped working this morning and every call is refused. What could be the reason?")],
]

GOLDEN = [0, 4, 12, 15, 16]
LIMIT = 120
