import Jobs

/// The status as metrics. Running counts come from ``MetricsRegistry``.
extension ServiceStatus {
    var families: [MetricFamily] {
        let all: [[MetricFamily?]] = [processFamilies, fastCGIFamilies, storeFamilies, queueFamilies, ledgerFamilies]
        return all.flatMap(\.self).compactMap(\.self)
    }

    private var processFamilies: [MetricFamily?] {
        [
            MetricFamily("krea_fcgi_build", .info, "The program", [.init(suffix: "_info", labels: [.init("version", version)], value: 1)]),
            .gauge(
                "krea_fcgi_start_time_seconds", "When the process started, since 1970", Double(startedAt.time.milliseconds) / 1000),
            MetricFamily(
                "krea_fcgi_role", .gauge, "1 for the role of the process",
                Role.allCases.map { .init(labels: [.init("role", $0.rawValue)], value: $0 == role ? 1 : 0) }),
        ]
    }

    private var fastCGIFamilies: [MetricFamily?] {
        let states = FastCGIStatus.Worker.State.allCases.map { state in
            MetricFamily.Sample(
                labels: [.init("state", state.rawValue)], value: Double(fastcgi.workers.count { $0.state == state }))
        }
        return [
            MetricFamily("krea_fcgi_workers", .gauge, "Worker threads by state", states),
            .gauge("krea_fcgi_workers_busy_most", "The most workers that were ever busy at once", fastcgi.mostBusy),
            .counter("krea_fcgi_workers_all_busy", "How often the last idle worker became busy", fastcgi.timesAllBusy),
            .gauge("krea_fcgi_connections_idle", "Kept connections without a request", fastcgi.idleConnections),
            .gauge("krea_fcgi_requests_held", "Requests that wait for a change without a worker", fastcgi.heldRequests),
            .gauge("krea_fcgi_backlog", "Connections that wait to be accepted", fastcgi.backlog),
            .gauge("krea_fcgi_backlog_limit", "The most connections that may wait to be accepted", fastcgi.backlogLimit),
        ]
    }

    private var storeFamilies: [MetricFamily?] {
        [
            .gauge("krea_fcgi_store_readable", "1 when the store could be read in time", store.isReadable ? 1 : 0),
            .gauge("krea_fcgi_store_writable", "1 when the store could be written in time", store.isWritable ? 1 : 0),
            .gauge("krea_fcgi_store_size_bytes", "The size of the store on disk", store.bytes),
            .gauge("krea_fcgi_store_wal_bytes", "The size of the write-ahead log, included in the store's size", store.walBytes),
            .gauge("krea_fcgi_catalogue_age_seconds", "The age of the description of Krea's routes", catalogue?.ageSeconds),
        ]
    }

    private var queueFamilies: [MetricFamily?] {
        guard let queue else { return [] }
        let states = queue.submissions.sorted { $0.key < $1.key }
        return [
            MetricFamily(
                "krea_fcgi_submissions", .gauge, "Submissions under way by state",
                states.map { .init(labels: [.init("state", $0.key)], value: Double($0.value)) }),
            .gauge("krea_fcgi_submissions_retried", "Submissions that wait for another attempt", queue.retried),
            .gauge("krea_fcgi_submissions_lost_in_a_row", "Submissions in a row whose answers were lost", queue.lostInARow),
            .gauge("krea_fcgi_jobs_finished", "Finished jobs that are kept", queue.finishedJobs),
            .gauge(
                "krea_fcgi_oldest_waiting_seconds", "The age of the oldest job that waits for a call", queue.oldestWaitingSeconds ?? 0),
            .gauge("krea_fcgi_polls_due", "Running submissions whose poll is due", queue.pollsDue),
            .gauge(
                "krea_fcgi_next_submission_wait_seconds", "Seconds until the next submission may start; absent while it needs an operator",
                queue.nextSubmissionAt.map { max(0, ($0.time - now.time).seconds) }),
            .gauge("krea_fcgi_spent_today_usd", "What was paid to Krea since midnight UTC, or may have been", queue.spentTodayUsd),
            .gauge("krea_fcgi_spend_limit_usd", "The daily limit of payments to Krea; absent if there is none", queue.spendLimitUsd),
            MetricFamily(
                "krea_fcgi_hold", .gauge, "1 for the reason why due calls wait",
                Hold.reasons.map { .init(labels: [.init("reason", $0)], value: queue.hold?.reason == $0 ? 1 : 0) }),
        ]
    }

    private var ledgerFamilies: [MetricFamily?] {
        [
            .counter("krea_fcgi_ledger_calls_checked", "Calls in the ledger that were checked", ledger?.callsChecked),
            .gauge("krea_fcgi_ledger_calls_ahead", "About how many calls in the ledger are not checked yet", ledger?.callsAhead),
            .counter("krea_fcgi_ledger_broken_rules", "How often a rule about calls to Krea was broken", ledger?.brokenRules),
        ]
    }
}
