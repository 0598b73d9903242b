import FoundationEssentials

/// A webhook that waits for the end of its job.
struct PendingWebhook: Sendable {
    var url: URL
    var job: SimulatedKrea.JobReference
    var copies: Int
}

extension SimulatedKrea {
    /// Takes the webhooks of jobs that have ended by `now`, each once, or twice if a switch says so.
    mutating func dueWebhooks(at now: Int64) -> [Webhook] {
        let due = webhooks.filter { isDue($0, at: now) }
        webhooks = webhooks.filter { !isDue($0, at: now) }
        return due.flatMap { Array(repeating: webhook($0, at: now), count: $0.copies) }
    }

    /// When the next webhook after `now` is due; nil if there is none. A cancellation can bring it forward.
    func nextEvent(after now: Int64) -> Int64? {
        webhooks.compactMap(ends).filter { $0 > now }.min()
    }

    mutating func register(_ url: URL?, of job: SimulatedJob, in reaction: inout Reaction) {
        guard let url, !job.switches.has(.webhookNever) else { return }
        let reference = JobReference(token: job.token, id: job.id)
        let pending = PendingWebhook(url: url, job: reference, copies: job.switches.has(.webhookTwice) ? 2 : 1)
        if job.switches.has(.webhookEarly), let ends = job.ends {
            reaction.webhooks = Array(repeating: webhook(pending, at: ends), count: pending.copies)
        } else {
            webhooks.append(pending)
        }
    }

    private func isDue(_ pending: PendingWebhook, at now: Int64) -> Bool { ends(pending).map { $0 <= now } ?? false }

    private func ends(_ pending: PendingWebhook) -> Int64? {
        workspaces[pending.job.token]?[pending.job.id]?.ends
    }

    private func webhook(_ pending: PendingWebhook, at end: Int64) -> Webhook {
        let job = workspaces[pending.job.token]?[pending.job.id]
        let body = job?.json(at: end, imageBase: settings.imageBase).bytes ?? []
        return Webhook(url: pending.url, jobID: pending.job.id, body: body)
    }
}
