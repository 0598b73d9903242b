import Jobs
import PlainText

/// The status for people: sections of names and values. No value can control a terminal.
extension ServiceStatus {
    struct Section {
        let title: String
        let lines: [(name: String, value: String)]

        init(title: String, lines: [(name: String, value: String)]) {
            self.title = title
            self.lines = lines.map { ($0.name, $0.value.printable) }
        }
    }

    var sections: [Section] {
        var sections = [
            Section(
                title: "Service",
                lines: [
                    ("version", version), ("started", startedAt.description), ("uptime", "\(Int(uptimeSeconds)) s"),
                    ("role", role.rawValue + (dispatcherEpoch.map { ", dispatcher of the store is number \($0)" } ?? "")),
                ]),
            Section(
                title: "Workers",
                lines: [
                    ("listening on", fastcgi.address), ("busy", "\(fastcgi.busy) of \(fastcgi.workers.count)"),
                    ("most busy at once", "\(fastcgi.mostBusy)"), ("times all were busy", "\(fastcgi.timesAllBusy)"),
                    ("requests", "\(fastcgi.workers.map(\.requests).reduce(0, +))"), ("idle connections", "\(fastcgi.idleConnections)"),
                    ("held requests", "\(fastcgi.heldRequests)"),
                    ("backlog", fastcgi.backlog.map { "\($0) of \(fastcgi.backlogLimit ?? 0)" } ?? "not known"),
                ]),
            Section(
                title: "Store",
                lines: [
                    ("state", store.problem ?? "can be read and written"), ("size", store.bytes.map { "\($0) bytes" } ?? "not known"),
                    ("write-ahead log", store.walBytes.map { "\($0) bytes" } ?? "not known"),
                    ("read", storeReadAt?.description ?? "never"),
                ]),
        ]
        if let queue { sections.append(Section(title: "Queue", lines: lines(of: queue))) }
        if let ledger { sections.append(Section(title: "Rules", lines: Self.lines(of: ledger))) }
        sections.append(
            Section(
                title: "Calls to Krea by this process",
                lines: krea.map { ("\($0.kind), \($0.outcome)", "\($0.count), \(Self.milliseconds($0.meanSeconds)) on average") }))
        return sections
    }

    private func lines(of queue: Queue) -> [(name: String, value: String)] {
        let states = queue.submissions.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let hold = queue.hold.map { hold in
            let end = hold.until.map { " until \($0)" } ?? hold.since.map { " since \($0)" } ?? ", until an operator acts"
            return "\(hold.reason)\(end)\(hold.words.map { ": \($0)" } ?? "")"
        }
        return states + [
            ("waiting for another attempt", "\(queue.retried)"), ("answers to submissions lost in a row", "\(queue.lostInARow)"),
            ("finished jobs kept", "\(queue.finishedJobs)"),
            ("oldest waiting", queue.oldestWaitingSeconds.map { "\(Int($0)) s" } ?? "none"), ("polls due", "\(queue.pollsDue)"),
            ("next submission", queue.nextSubmissionAt.map { $0.time <= now.time ? "at once" : "\($0)" } ?? "when nothing holds it"),
            ("held", hold ?? "no"),
            (
                "spent today",
                "\(Money(usd: queue.spentTodayUsd))" + (queue.spendLimitUsd.map { " of \(Money(usd: $0))" } ?? "")
            ),
            ("routes of Krea read", catalogue?.readAt.map { "\($0)" } ?? "never"),
        ]
    }

    private static func lines(of ledger: Ledger) -> [(name: String, value: String)] {
        [
            ("calls checked", "\(ledger.callsChecked)" + (ledger.callsAhead > 0 ? ", \(ledger.callsAhead) to come" : "")),
            ("broken", "\(ledger.brokenRules)"),
        ] + ledger.broken.map { ("", $0) }
    }

    /// The scoreboard, with headings in the first row.
    static func table(_ workers: [FastCGIStatus.Worker]) -> [[String]] {
        [["worker", "state", "for", "requests", "request id", "method", "path"]]
            + workers.map { worker in
                [
                    "\(worker.number)", worker.state.rawValue, milliseconds(worker.seconds), "\(worker.requests)", worker.requestId ?? "-",
                    worker.method ?? "-", worker.path ?? "-",
                ].map(\.printable)
            }
    }

    private static func milliseconds(_ seconds: Double) -> String { "\(Int((seconds * 1000).rounded())) ms" }
}
