// A small summary for tests of the report.

#pragma once

#include "output/run_summary.h"

namespace mxscan {

inline RunSummary SampleSummary() {
  RunSummary run;
  run.version = "0.1.0";
  run.started_at_us = 1'763'770'235'000'000;
  run.finished_at_us = 1'763'770'236'500'000;
  run.elapsed_s = 1.5;
  run.input = {.lines = 10, .rows = 10};
  run.domains = 10;
  run.domains_with_mail = 8;
  run.by_status = {{"ok", 8}, {"nxdomain", 2}};
  run.providers = {{"zoho", "Zoho Mail", "mailbox", 8}};
  run.categories = {{"mailbox", 8}};
  return run;
}

}  // namespace mxscan
