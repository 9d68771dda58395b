// Header fields as names and values in order, and what of a request a user may decide.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/outcome.hpp"

namespace sim52xx::daemon::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// Names of headers and the like: ASCII letters of either case are the same.
bool same_name(std::string_view a, std::string_view b);
// The first value of that name; nullopt where there is none.
std::optional<std::string_view> find(const Headers& headers, std::string_view name);
void remove(Headers& headers, std::string_view name);

// The errors are of kind invalid; their messages name the field ("method", "headers: X-Name ...")
// and never a value.
Result<void> check_method(std::string_view method);
// `body`: the size of the body where it is known, 0 where there is none; a Content-Length has to
// agree with it.
Result<void> check_headers(const Headers& headers, std::optional<std::uint64_t> body);

}  // namespace sim52xx::daemon::http
