import Jobs
import PlainText

/// Jobs as a table for a terminal, with headings. Of the request it contains only the model, never the prompt.
///
/// Below the table come results on hosts that are not allowed, if there are any.
struct JobTable {
    let lines: [String]

    /// The table of `jobs`, in their order.
    init(_ jobs: [Job], now: Timestamp) {
        let rows =
            [["CREATED", "ID", "STATE", "MODEL", "CLIENT", "POLLS", "LOST", "KREA ID", "AGE"]] + jobs.map { Self.cells($0, now: now) }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let foreign = jobs.flatMap { job in
            job.submissions.flatMap(\.foreignURLs).map { "  \(job.id)  \($0.printable)" }
        }
        let table = rows.map { row in
            let padded = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            return (padded.dropLast() + row.suffix(1)).joined(separator: "  ")
        }
        lines = table + (foreign.isEmpty ? [] : ["Not shown, because their hosts are not in KREA_FCGI_RESULT_HOSTS:"] + foreign)
    }

    private static func cells(_ job: Job, now: Timestamp) -> [String] {
        [
            job.createdAt.iso8601, job.id.description, job.state.rawValue, job.request.model.id, job.client.key.printable,
            job.submissions.map { String($0.polls) }.joined(separator: "+"),
            job.submissions.map { String($0.failedAttempts) }.joined(separator: "+"),
            job.submissions.map { $0.kreaID ?? "-" }.joined(separator: " ").printable, age(now - job.createdAt),
        ]
    }

    private static func age(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        return switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m"
        case ..<86_400: "\(seconds / 3600)h"
        default: "\(seconds / 86_400)d"
        }
    }
}
