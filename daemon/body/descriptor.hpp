// Bodies in descriptors that a client has passed: regular files, pipes, stream sockets. Their
// flags stay as they are, for the client goes on using the same open file; what might block is
// asked in a way that does not.
#pragma once

#include <memory>

#include "daemon/body/body.hpp"
#include "daemon/system/fd.hpp"

namespace sim52xx::daemon {

// Refused with ErrorKind::invalid: other kinds of descriptors, and one that was not opened for this
// direction. A regular file is read from where it stands, and its position stays there.
Result<std::unique_ptr<Source>> source_from(Runtime& runtime, Fd fd);

// The same. A regular file is written where it stands, as by a child process of the client.
Result<std::unique_ptr<Sink>> sink_to(Runtime& runtime, Fd fd);

}  // namespace sim52xx::daemon
