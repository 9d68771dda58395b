// What the doctor says: a page, or JSON.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/doctor/check.hpp"
#include "daemon/ctl/style.hpp"

namespace sim52xx::ctl::doctor {

// A line each, and below it what to do; those that were not asked together at the end.
std::string page(const std::vector<Answer>& answers, const Style& style);

// {healthy, checks: [{name, question, verdict, finding, remedies}]}
json report(const std::vector<Answer>& answers);

// "2 problems and 1 warning"; empty where all is well.
std::string summary(const std::vector<Answer>& answers);
bool healthy(const std::vector<Answer>& answers);

}  // namespace sim52xx::ctl::doctor
