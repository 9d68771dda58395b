// The counters and gauges of the daemon in the text format of Prometheus.
#pragma once

#include <list>
#include <string>

#include "daemon/arbiter/arbiter.hpp"
#include "daemon/body/spool.hpp"
#include "daemon/control/server.hpp"
#include "daemon/events/hub.hpp"
#include "daemon/jobs/job_list.hpp"
#include "daemon/modem/modem.hpp"
#include "daemon/proxy/endpoint_server.hpp"
#include "daemon/publisher.hpp"

namespace sim52xx::daemon {

// What is asked. All of it is read at each call.
struct MetricsSources {
  const Runtime& runtime;
  const Modem& modem;
  const Arbiter& arbiter;
  const std::list<EndpointServer>& endpoints;
  const JobList& jobs;
  const SpoolSpace& spool;
  const EventHub& events;
  const Publisher& publisher;
  const control::Server& control;
  Time started;
};

std::string metrics(const MetricsSources& sources);

}  // namespace sim52xx::daemon
