// Cases of the matrix that do not end as they should, and why that is so. Nothing is forgiven that
// is not listed here; a line that forgives nothing any more is a mistake, too (tests/matrix/run).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sim52xx::test {

struct KnownCase {
  std::string_view pattern;  // of names, as of files: "ssl_counted/urc/*/3"
  std::string_view reason;
};

std::span<const KnownCase> known_cases();
// nullptr: it is not known.
const KnownCase* find_known(const std::string& name);

}  // namespace sim52xx::test
