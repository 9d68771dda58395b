// Result numbers of the three stacks in words. HTTPS, FTPS and SSL number the same conditions
// differently (busy is 2 in HTTPS, 3 in FTPS), so each has its own list.
#pragma once

#include <string>

namespace sim52xx {

enum class Stack : unsigned char { none, https, ftps, ssl };

// "server closed (3)"; a number that no list names becomes "unknown result (N)".
std::string result_text(Stack stack, long code);

}  // namespace sim52xx
