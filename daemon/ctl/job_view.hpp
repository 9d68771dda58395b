// Jobs as people read them: a list, one in full, and how far one is.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "daemon/ctl/style.hpp"
#include "daemon/ctl/units.hpp"

namespace sim52xx::ctl {

std::string job_table(const nlohmann::json& jobs, const Style& style, WallTime now);

// For status: those that are not over as a list, the others counted.
std::string jobs_view(const nlohmann::json& jobs, const Style& style, WallTime now);

std::string job_view(const nlohmann::json& job, const Style& style, WallTime now);

// Where in its work a job is: "step 2 of 3: put"; empty where that is no news.
std::string stage_text(const nlohmann::json& progress);

// "45 %, 512 KiB of 1.1 MiB" as far as it is known.
std::string progress_text(const nlohmann::json& progress);

// done, failed or cancelled: nothing more will happen to it.
bool is_final(std::string_view state);

}  // namespace sim52xx::ctl
