using Dogana.Engine;
using Dogana.Engine.ChatTemplates;

namespace Dogana.Tests.Engine;

public sealed class ChatTemplateTests
{
    private static readonly ChatTurn System = new("system", "Be brief.");
    private static readonly ChatTurn User = new("user", " Hi! ");
    private static readonly ChatTurn Assistant = new("assistant", "Hello.");
    private static readonly ChatTurn More = new("user", "Bye");

    [Fact]
    public void A_template_in_the_style_of_llama_2_renders()
    {
        const string template =
            "{% if messages[0]['role'] == 'system' %}{% set turns = messages[1:] %}{% set rules = messages[0]['content'] %}"
            + "{% else %}{% set turns = messages %}{% set rules = false %}{% endif %}{% for message in turns %}"
            + "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}"
            + "{% if loop.index0 == 0 and rules != false %}{% set content = '<<SYS>>\\n' + rules + '\\n<</SYS>>\\n\\n' + message['content'] %}"
            + "{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}"
            + "{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}"
            + "{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}";
        Render(template, System, User, Assistant, More).ShouldBe(
            "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\n Hi! [/INST] Hello. </s><s>[INST] Bye [/INST]");
        Should.Throw<ChatTemplateException>(() => Render(template, User, More)).Message.ShouldContain("Roles must alternate");
    }

    [Fact]
    public void A_template_in_the_style_of_llama_3_renders() => Render(
        "{% set turns = messages %}{% for message in turns %}{% set content = '<|start_header_id|>' + message['role'] + "
        + "'<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}"
        + "{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
        System,
        User).ShouldBe(
        "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi!<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\n");

    [Fact]
    public void A_template_in_the_style_of_llama_3_2_renders() => Render(
        """
        {{- bos_token }}
        {%- if custom_tools is defined %}
            {%- set tools = custom_tools %}
        {%- endif %}
        {%- if not date_string is defined %}
            {%- if strftime_now is defined %}
                {%- set date_string = strftime_now("%d %b %Y") %}
            {%- else %}
                {%- set date_string = "26 Jul 2024" %}
            {%- endif %}
        {%- endif %}
        {#- The system's words, wherever they come from. #}
        {%- if messages[0]['role'] == 'system' %}
            {%- set system_message = messages[0]['content']|trim %}
            {%- set messages = messages[1:] %}
        {%- else %}
            {%- set system_message = "" %}
        {%- endif %}
        {{- "[system]" }}
        {%- if tools is not none %}
            {%- for tool in tools %}
                {{- tool | tojson(indent=4) }}
            {%- endfor %}
        {%- endif %}
        {{- "Today Date: " + date_string + "\n\n" }}
        {{- system_message }}
        {%- for message in messages %}
            {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
                {{- '[' + message['role'] + ']' + message['content'] | trim + '[end]' }}
            {%- elif 'tool_calls' in message %}
                {{- raise_exception("No tools here") }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '[assistant]\n\n' }}
        {%- endif %}
        """,
        System,
        User).ShouldBe("<s>[system]Today Date: 22 Nov 2026\n\nBe brief.[user]Hi![end][assistant]\n\n");

    [Fact]
    public void A_template_in_the_style_of_smollm_2_renders() => Render(
        "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou help.<|im_end|>\n' }}"
        + "{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
        More).ShouldBe("<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n");

    [Fact]
    public void A_template_in_the_style_of_qwen_2_5_renders() => Render(
        """
        {%- if tools %}
            {{- '<|im_start|>system\n' }}
            {%- for tool in tools %}
                {{- tool | tojson }}
            {%- endfor %}
        {%- else %}
            {%- if messages[0]['role'] == 'system' %}
                {{- '<|im_start|>system\n' + messages[0]['content'] + '<|im_end|>\n' }}
            {%- else %}
                {{- '<|im_start|>system\nYou help.<|im_end|>\n' }}
            {%- endif %}
        {%- endif %}
        {%- for message in messages %}
            {%- if (message.role == "user") or (message.role == "system" and not loop.first) or (message.role == "assistant" and not message.tool_calls) %}
                {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
            {%- elif message.role == "assistant" %}
                {%- for tool_call in message.tool_calls %}
                    {%- if tool_call.function is defined %}
                        {%- set tool_call = tool_call.function %}
                    {%- endif %}
                    {{- tool_call.arguments | tojson }}
                {%- endfor %}
            {%- elif message.role == "tool" %}
                {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != "tool") %}
                    {{- '<|im_start|>user' }}
                {%- endif %}
                {%- if loop.last or (messages[loop.index0 + 1].role != "tool") %}
                    {{- '<|im_end|>\n' }}
                {%- endif %}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\n' }}
        {%- endif %}
        """,
        User,
        Assistant,
        More).ShouldBe(
        "<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\n Hi! <|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n"
        + "<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n");

    [Fact]
    public void A_template_in_the_style_of_mistral_renders() => Render(
        """
        {%- if messages[0]["role"] == "system" %}
            {%- set system_message = messages[0]["content"] %}
            {%- set loop_messages = messages[1:] %}
        {%- else %}
            {%- set loop_messages = messages %}
        {%- endif %}
        {%- set user_messages = loop_messages | selectattr("role", "equalto", "user") | list %}
        {%- set ns = namespace(index=0) %}
        {%- for message in loop_messages %}
            {%- if not (message.role == "tool" or (message.tool_calls is defined and message.tool_calls is not none)) %}
                {%- if (message["role"] == "user") != (ns.index % 2 == 0) %}
                    {{- raise_exception("Roles must alternate") }}
                {%- endif %}
                {%- set ns.index = ns.index + 1 %}
            {%- endif %}
        {%- endfor %}
        {{- bos_token }}
        {%- for message in loop_messages %}
            {%- if message["role"] == "user" %}
                {%- if loop.last and system_message is defined %}
                    {{- "[INST] " + system_message + "\n\n" + message["content"] + "[/INST]" }}
                {%- else %}
                    {{- "[INST] " + message["content"] + "[/INST]" }}
                {%- endif %}
            {%- else %}
                {{- " " + message["content"]|trim + eos_token }}
            {%- endif %}
        {%- endfor %}
        {{- user_messages|length }}
        """,
        System,
        User,
        Assistant,
        More).ShouldBe("<s>[INST]  Hi! [/INST] Hello.</s>[INST] Be brief.\n\nBye[/INST]2");

    [Fact]
    public void A_template_in_the_style_of_zephyr_renders() => Render(
        "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n"
        + "{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n"
        + "{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n"
        + "{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
        System,
        More).ShouldBe("<|system|>\nBe brief.</s>\n<|user|>\nBye</s>\n<|assistant|>\n");

    [Fact]
    public void A_file_without_a_template_gets_chatml() => Render(ChatTemplate.Default, System, More).ShouldBe(
        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n");

    [Theory]
    [InlineData("{{ 1 + 2 * 3 - 4 // 3 }} {{ 7 % 4 }} {{ -7 // 2 }} {{ 7 / 2 }} {{ 1.5 + 1 }}", "6 3 -4 3.5 2.5")]
    [InlineData("{{ 'a' ~ 1 ~ none ~ true }}", "a1NoneTrue")]
    [InlineData("{{ 'x' if 1 < 2 <= 2 and not false else 'y' }}{{ 'z' if false }}", "x")]
    [InlineData("{{ missing or 'other' }}{{ missing is defined }}{{ missing|default('d') }}{{ none|default('d', true) }}", "otherFalsedd")]
    [InlineData("{{ 'b' in 'abc' }} {{ 2 not in [1, 3] }} {{ 'k' in {'k': 1} }}", "True True True")]
    [InlineData("{{ 'abcd'[1:3] }}{{ 'abcd'[-1] }}{{ [1,2,3][::-1] | join('-') }}{{ 'abc'[:-1] }}", "bcd3-2-1ab")]
    [InlineData("{{ 'A,b,,C'.split(',') | join('|') | lower }} {{ ' a  b '.split() | length }}", "a|b||c 2")]
    [InlineData("{{ 'xxaxx'.strip('x') }} {{ 'ab'.startswith('a') }} {{ 'ab'.endswith('a') }} {{ 'aXa'.replace('a', 'b') }}", "a True False bXb")]
    [InlineData("{{ {'a': [1, 'é\"\n', none, true, 1.0]} | tojson }}", "{\"a\": [1, \"é\\\"\\n\", null, true, 1.0]}")]
    [InlineData("{{ {'a': [1], 'b': {}} | tojson(indent=2) }}", "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}")]
    [InlineData("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }}{{ ',' if not loop.last }}{% endfor %}", "a=1,b=2")]
    [InlineData("{% for i in range(5) if i is odd %}{{ loop.index }}:{{ i }} {% else %}none{% endfor %}", "1:1 2:3 ")]
    [InlineData("{% for i in [] %}x{% else %}none{% endfor %}", "none")]
    [InlineData("{% for i in range(9) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}", "02")]
    [InlineData("{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}", "1")]
    [InlineData("{% set n = namespace(x=1) %}{% for i in [1] %}{% set n.x = 2 %}{% endfor %}{{ n.x }}", "2")]
    [InlineData("{% set x %}a{{ 1 }}{% endset %}{{ x|upper }}", "A1")]
    [InlineData("a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a\n  b\nc")]
    [InlineData("a {%- if true -%} b {%- endif %} c{# no #}\nd", "ab cd")]
    [InlineData("{{ '%}' }}{{ \"it's\" }}{{ 'it\\'s' }}", "%}it'sit's")]
    [InlineData("{{ 'x' is string and 1 is number and none is none and [] is iterable and {} is mapping }}", "True")]
    [InlineData("{{ ['a', 'bc'] | map('upper') | join }}{{ [{'n': 1}, {'n': 2}] | map(attribute='n') | list | last }}", "ABC2")]
    public void A_construct_renders_as_in_jinja(string template, string text) => Render(template).ShouldBe(text);

    [Theory]
    [InlineData("{% macro m() %}{% endmacro %}", "the statement 'macro'")]
    [InlineData("{% if true %}", "expected 'endif'")]
    [InlineData("{{ x | sort }}", "the filter 'sort'")]
    [InlineData("{{ x is callable }}", "the test 'callable'")]
    [InlineData("{{ x.popitem() }}", "the method 'popitem'")]
    [InlineData("{{ lipsum() }}", "the function 'lipsum'")]
    [InlineData("{{ 2 ** 3 }}", "the operator '**'")]
    [InlineData("{{ 'abc", "expected the end of a string")]
    [InlineData("{{ a ? b }}", "the character '?'")]
    [InlineData("text\n{% endfor %}", "line 2")]
    public void An_unsupported_construct_is_named_when_the_file_is_read(string template, string words)
    {
        ModelFileException error = Should.Throw<ModelFileException>(() => Read(template));
        error.Key.ShouldBe("tokenizer.chat_template");
        error.Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}")]
    [InlineData("{% set n = namespace(x='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') %}{% for a in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}")]
    [InlineData("{{ range(999999999) }}")]
    [InlineData("{{ none.x }}")]
    [InlineData("{{ 1 // 0 }}")]
    [InlineData("{{ 9999999999 * 9999999999 }}")]
    public void A_template_that_goes_astray_ends_with_an_error(string template) =>
        Should.Throw<ChatTemplateException>(() => Render(template));

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("not ", "")]
    [InlineData("-", "")]
    public void Nesting_without_end_does_not_end_the_process(string open, string close)
    {
        string template = "{{" + string.Concat(Enumerable.Repeat(open, 30_000)) + "1" + string.Concat(Enumerable.Repeat(close, 30_000)) + "}}";
        Exception? error = Record.Exception(() => Render(template));
        (error is ModelFileException or ChatTemplateException).ShouldBeTrue();
    }

    [Fact]
    public void A_chain_of_operators_without_end_is_refused() =>
        Should.Throw<ChatTemplateException>(() => Render("{{" + string.Concat(Enumerable.Repeat("1+", 20_000)) + "1}}"));

    [Fact]
    public void Content_is_foreign_and_the_template_is_not()
    {
        MarkedText prompt = Read("<u>{{ messages[0].content | trim }}{{ '<e>' }}{{ messages[0].role }}").Render([User]);
        prompt.Text.ShouldBe("<u>Hi!<e>user");
        prompt.OwnRanges.ShouldBe([(0, 3), (6, 13)]);
    }

    [Theory]
    [InlineData("{{ c | upper }}")]
    [InlineData("{{ c.replace('x', '<e>') }}")]
    [InlineData("{{ c | tojson }}")]
    [InlineData("{{ c.split(' ') | join('') }}")]
    [InlineData("{{ c[0] ~ c[1:] }}")]
    [InlineData("{{ [c] | first | string }}")]
    [InlineData("{% for letter in c %}{{ letter }}{% endfor %}")]
    [InlineData("{% set d %}{{ c }}{% endset %}{{ d | capitalize }}")]
    public void Content_stays_foreign_whatever_the_template_does_with_it(string template) =>
        Read("{% set c = messages[0].content %}" + template).Render([User]).OwnRanges.ShouldBeEmpty();

    private static string Render(string template, params ChatTurn[] turns) => Read(template).Render(turns).Text;

    private static ChatTemplate Read(string template) => new(
        template,
        new Dictionary<string, MarkedText>(StringComparer.Ordinal) { ["bos_token"] = MarkedText.Own("<s>"), ["eos_token"] = MarkedText.Own("</s>") },
        new StoppedClock());

    private sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 4, 32, 0, TimeSpan.Zero);
    }
}
