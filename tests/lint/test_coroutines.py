"""What the lint of the house rule about coroutines lets pass, and what it finds."""

import unittest

from coroutines import findings

GOOD = """
co_await ready_.wait();
const bool there = co_await changed_.wait_until(deadline);
auto answer = co_await run(CommandId::https_open, builder, timeouts_.connect);
Result<std::vector<int>> all = co_await list(std::move(path));
answers_[id].text = co_await text();
*slot = co_await next();
this->answer_ = co_await next();
if (started_ && modem_.ready()) co_await stop_now();
if (a(b, c)) answer = co_await next();
else co_await stop_now();
while (!ready()) co_await ready_.wait();
for (int i = 0; i < 3; ++i) co_await pause(i);
for (auto& one : all) co_await close(one);
co_return co_await run(id);
{ co_await a(); co_await b(); }
case State::open: co_await close();
co_await pause(dtr ? dtr_settle : guard_time, true);
co_await timer.async_wait(asio::use_awaitable);
co_await asio::async_write(socket, asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
log("{}: f(co_await x, S{1})", '"'); // and a comment: f(co_await x) ? T{} : t
asio::awaitable<void> f(std::string text, const Job& job);
auto text = R"(f(co_await g(), Job{}))";
co_await f(R"x(")x", 1'000, "a\\"b{");
""".strip().splitlines()

BAD = {
    'co_await f(Job{.host = s});': "braces",
    'co_await f({"a", "b"});': "braces",
    'auto x = co_await f(std::string(100, c));': "made",
    'auto x = co_await run(CommandBuilder("AT"));': "made",
    'co_await f(std::vector<int>(3));': "made",
    'co_await f([s] { return s; });': "lambda",
    'co_await [s]() -> awaitable<int> { co_return 1; }();': "lambda",
    'Agg a{co_await x(), 1};': "line of its own",
    'std::array both{co_await a(), co_await b()};': "line of its own",
    'auto p = std::make_unique<Agg>(co_await x());': "line of its own",
    'EXPECT_EQ(co_await x(), y);': "line of its own",
    'if (co_await ready()) go();': "line of its own",
    'while (!co_await ready()) go();': "line of its own",
    'const int sum = a + co_await b();': "line of its own",
    'auto x = co_await a() + co_await b();': "two",
    'auto x = taken ? co_await a() : T();': "?:",
    'co_await f(taken ? T() : t);': "?:",
    'co_await f(taken ? std::min(a, b) : b);': "?:",
    'asio::awaitable<void> f(std::string&& text);': "rvalue",
    'using namespace asio::experimental::awaitable_operators;': "race",
    'co_spawn(io, f(), asio::detached);': "detached",
    'asio::experimental::channel<void(int)> channel;': "channel",
}


class Coroutines(unittest.TestCase):
    def test_what_the_rule_asks_for_passes(self):
        for snippet in GOOD:
            for text in (snippet, f"void f() {{\n  {snippet}\n}}\n", f"x();\n{snippet} y();"):
                with self.subTest(text=text):
                    self.assertEqual(findings(text), [])

    def test_what_the_rule_forbids_is_found(self):
        for snippet, word in BAD.items():
            for before, after in (("", ""), ("void f() {\n  a();\n  ", "\n}\n")):
                with self.subTest(text=snippet):
                    found = findings(before + snippet + after)
                    self.assertTrue(any(word in wrong for _, wrong in found), f"{snippet}: {found}")
                    self.assertEqual({line for line, _ in found}, {1 + before.count("\n")})


if __name__ == "__main__":
    unittest.main()
