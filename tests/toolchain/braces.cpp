// Canary of GCC 12: braces that make an initializer_list do not compile in an expression that
// awaits ("array used as initializer"). Compiled with -DBROKEN it must say so; without, the list
// has a line of its own. run.py compiles both.
#include <vector>

#include "task.hpp"

namespace canary {

Task<std::size_t> count(std::vector<std::string> words) {
  co_return words.size();
}

Task<std::size_t> two() {
#ifdef BROKEN
  co_return co_await count({"a", "b"});
#else
  std::vector<std::string> words{"a", "b"};
  const std::size_t counted = co_await count(std::move(words));
  co_return counted;
#endif
}

}  // namespace canary

int main() {
  return canary::two().run() == 2 ? 0 : 1;
}
