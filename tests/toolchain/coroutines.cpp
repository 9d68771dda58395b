// Canaries of GCC 12: forms of co_await that it compiles into a second destruction, each beside the
// form that the house rule asks for. `coroutines NAME broken|safe` runs one; AddressSanitizer
// tells. run.py knows what to expect.
#include <array>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>

#include "task.hpp"

namespace canary {

Task<std::size_t> aggregate_broken(std::string text) {
  co_return co_await size_of(Payload{.host = text, .port = 1});
}
Task<std::size_t> aggregate_safe(std::string text) {
  Payload payload{.host = text, .port = 1};
  const std::size_t size = co_await size_of(std::move(payload));
  co_return size;
}

Task<std::size_t> array_broken() {
  std::array<std::string, 2> both{co_await text(), co_await text()};
  co_return both[0].size() + both[1].size();
}
Task<std::size_t> array_safe() {
  std::string first = co_await text();
  std::string second = co_await text();
  std::array<std::string, 2> both{std::move(first), std::move(second)};
  co_return both[0].size() + both[1].size();
}

Task<std::size_t> made_broken() {
  auto payload = std::make_unique<Payload>(Payload{co_await text(), 1});
  co_return payload->host.size();
}
Task<std::size_t> made_safe() {
  std::string host = co_await text();
  auto payload = std::make_unique<Payload>(Payload{std::move(host), 1});
  co_return payload->host.size();
}

Task<std::size_t> lambda_broken(std::string text) {
  co_return co_await call([text] { return text.size(); });
}
Task<std::size_t> lambda_safe(std::string text) {
  auto size = [text] { return text.size(); };
  const std::size_t result = co_await call(std::move(size));
  co_return result;
}

Task<std::size_t> choice_broken(bool ask) {
  std::string chosen = ask ? co_await text() : std::string{};
  co_return chosen.size();
}
Task<std::size_t> choice_safe(bool ask) {
  std::string chosen;
  if (ask) chosen = co_await text();
  co_return chosen.size();
}

const std::map<std::string,
               std::pair<std::function<Task<std::size_t>()>, std::function<Task<std::size_t>()>>>
    canaries = {
        {"aggregate",
         {[] { return aggregate_broken(long_text()); },
          [] { return aggregate_safe(long_text()); }}},
        {"array", {array_broken, array_safe}},
        {"made", {made_broken, made_safe}},
        {"lambda",
         {[] { return lambda_broken(long_text()); }, [] { return lambda_safe(long_text()); }}},
        {"choice", {[] { return choice_broken(true); }, [] { return choice_safe(true); }}},
        {"choice-not-taken",
         {[] { return choice_broken(false); }, [] { return choice_safe(false); }}},
};

}  // namespace canary

int main(int count, char** arguments) {
  if (count != 3) {
    for (const auto& [name, forms] : canary::canaries)
      std::puts(name.c_str());
    return 0;
  }
  const auto& [broken, safe] = canary::canaries.at(arguments[1]);
  auto task = std::strcmp(arguments[2], "broken") == 0 ? broken() : safe();
  std::printf("%zu\n", task.run());
}
