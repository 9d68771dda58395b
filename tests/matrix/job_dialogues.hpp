// The dialogues of jobs; what is common to all is in dialogues.hpp.
#pragma once

#include "tests/matrix/dialogues.hpp"

namespace sim52xx::test {

std::unique_ptr<Run> https_get(World& world);
std::unique_ptr<Run> https_post(World& world);
std::unique_ptr<Run> https_over_ssl(World& world);
std::unique_ptr<Run> ftps_put(World& world);
std::unique_ptr<Run> ftps_get(World& world);
std::unique_ptr<Run> ftps_list(World& world);

}  // namespace sim52xx::test
