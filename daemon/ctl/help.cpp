#include "daemon/ctl/help.hpp"

#include <CLI/CLI.hpp>

#include "daemon/config/nearest.hpp"

namespace sim52xx::ctl {
namespace {

constexpr std::size_t help_columns = 80;
constexpr std::size_t indent = 28;  // of what an option is

// One that takes a word to a line, or begins the next.
class Filler {
 public:
  Filler(std::string& to, std::size_t width) : to_(to), width_(width) {}

  void add(std::string_view word) {
    if (used_ > 0 && used_ + 1 + word.size() > width_) end();
    if (used_ > 0) to_ += ' ';
    used_ += word.size() + (used_ > 0 ? 1 : 0);
    to_ += word;
  }
  void end() {
    if (used_ > 0) to_ += '\n';
    used_ = 0;
  }

 private:
  std::string& to_;
  std::size_t width_;
  std::size_t used_ = 0;
};

void add_words(Filler& filler, std::string_view line) {
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    if (!word.empty()) filler.add(word);
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
}

// "  -o, --output FILE         Where ..." with the words filled at the right.
std::string entry(const std::string& left, const std::string& words) {
  std::string text = "  " + left;
  std::string right = filled(words, help_columns - indent);
  if (text.size() + 2 > indent)
    text += '\n';
  else
    text.resize(indent, ' ');
  bool first = text.back() != '\n';
  std::size_t start = 0;
  while (start < right.size()) {
    const auto end = right.find('\n', start);
    if (!first) text.append(indent, ' ');
    first = false;
    text += right.substr(start, end - start) + "\n";
    start = end + 1;
  }
  return text;
}

std::string names_of(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames())
    names += (names.empty() ? "-" : ", -") + name;
  for (const std::string& name : option.get_lnames())
    names += (names.empty() ? "    --" : ", --") + name;
  const std::string value = option.get_type_name();
  if (!value.empty() && option.get_items_expected_max() > 0)
    names += option.get_items_expected_min() == 0 ? " [" + value + "]" : " " + value;
  return names;
}

std::string options_text(const CLI::App& app) {
  std::string arguments;
  std::string options;
  for (const CLI::Option* option : app.get_options()) {
    std::string words = option->get_description();
    if (!option->get_default_str().empty()) words += " (" + option->get_default_str() + ")";
    if (option->get_positional())
      arguments += entry(option->get_name(true), words);
    else
      options += entry(names_of(*option), words);
  }
  std::string all;
  if (!arguments.empty()) all += "\nArguments:\n" + arguments;
  if (!options.empty()) all += "\nOptions:\n" + options;
  return all;
}

std::string verbs_text(const CLI::App& app) {
  std::string all;
  for (const CLI::App* verb : app.get_subcommands({}))
    all += entry(verb->get_name(), verb->get_description());
  return all.empty() ? all : "\nVerbs:\n" + all;
}

std::string path_of(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : path_of(*parent) + " " + app.get_name();
}

class HelpFormatter final : public CLI::FormatterBase {
 public:
  std::string make_help(const CLI::App* app, std::string /*name*/,
                        CLI::AppFormatMode /*mode*/) const override {
    std::string usage = "Usage: " + path_of(*app);
    if (!app->get_subcommands({}).empty()) usage += " VERB";
    usage += " [OPTION...]";
    for (const CLI::Option* option : app->get_options())
      if (option->get_positional())
        usage += option->get_required() ? " " + option->get_name(true)
                                        : " [" + option->get_name(true) + "]";
    std::string text =
        usage + "\n\n" + app->get_description() + ".\n" + verbs_text(*app) + options_text(*app);
    if (app->get_parent() != nullptr)
      text += entry("-j, --json", "Print the daemon's JSON") +
              entry("    --socket PATH", "Where the daemon is; or SIM52XX_SOCKET");
    return text + "\n" + filled(app->get_footer(), help_columns);
  }
};

// Either there is none, or one that we do not know.
std::string verb_mistake(const CLI::App& app) {
  std::string all;
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands({}))
    names.push_back(verb->get_name());
  for (const std::string& name : names)
    all += (all.empty() ? "" : ", ") + name;
  // What a verb does not know is handed up to where it was typed from.
  const CLI::App* top = &app;
  while (top->get_parent() != nullptr)
    top = top->get_parent();
  for (const std::string& given : top->remaining(true)) {
    if (given.starts_with('-')) continue;
    const std::vector<std::string_view> known(names.begin(), names.end());
    const std::string_view meant = daemon::config::nearest(given, known);
    std::string words = "there is no verb " + given;
    if (meant.empty()) return words + "; there are: " + all;
    return words.append("; did you mean ").append(meant).append("?");
  }
  return "a verb is missing: " + all;
}

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_formatter() {
  return std::make_shared<HelpFormatter>();
}

std::string mistake_text(const CLI::App* app, const CLI::Error& error) {
  const CLI::App* at = app;
  while (!at->get_subcommands().empty())
    at = at->get_subcommands().front();
  std::string words = error.what();
  if (error.get_name() == "RequiredError" && words.find("subcommand") != std::string::npos)
    words = verb_mistake(*at);
  return filled("sim52xxctl: " + words, help_columns) + "  next    " + path_of(*at) + " --help\n";
}

std::string filled(std::string_view text, std::size_t width) {
  std::string all;
  Filler filler(all, width);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.empty() && line.front() != ' ') {
      add_words(filler, line);
      continue;
    }
    filler.end();
    all.append(line).append("\n");
  }
  filler.end();
  return all;
}

}  // namespace sim52xx::ctl
