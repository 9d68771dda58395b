// How --help and mistakes on the command line read.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace CLI {  // NOLINT: theirs
class App;
class Error;
class FormatterBase;
}  // namespace CLI

namespace sim52xx::ctl {

std::shared_ptr<CLI::FormatterBase> help_formatter();

// What was wrong with the arguments, and where it is explained.
std::string mistake_text(const CLI::App* app, const CLI::Error& error);

// Lines of at most `columns`; those that begin with a blank stay as they are, others are filled
// together up to the next empty line.
std::string filled(std::string_view text, std::size_t columns);

}  // namespace sim52xx::ctl
