// What a damaged line has left of the header of a counted block. The bytes of that block are then
// read as lines, and are lost to whom they are for: who reads must be told.
#pragma once

#include <string_view>

namespace sim52xx {

// `line` is one that nobody knows.
bool is_damaged_header(std::string_view line);

}  // namespace sim52xx
