// toml++ as it is built here: compiled once (toml.cpp), errors as values; and its assertions, which
// malformed TOML reaches in version 3.3 ("a = [}"), as an exception, in every kind of build.
#pragma once

#include <stdexcept>

namespace sim52xx::daemon::config {

// The parser has come where it never should: the text is not TOML, and it does not say where.
class TomlAssertion : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void toml_assertion(const char* expression);

}  // namespace sim52xx::daemon::config

#define TOML_HEADER_ONLY 0
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ASSERT(expression) \
  (static_cast<bool>(expression) ? void(0) : ::sim52xx::daemon::config::toml_assertion(#expression))
#pragma push_macro("NDEBUG")
#undef NDEBUG  // with it, assertions are assumptions for the compiler
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
