// Bytes as text a person can read, and spans of them. Everything in protocol/ takes bytes as
// std::string_view (they are not text: any value may occur) and owns them as std::string.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sim52xx {

// The bytes in printable form, for logs and traces: \r \n \t \\ and \xNN. More than `limit`
// input bytes are cut and their number is told.
std::string printable(std::string_view bytes, std::size_t limit = 512);

// Without leading and trailing spaces and tabs.
std::string_view trim(std::string_view text);

}  // namespace sim52xx
