public import Jobs
public import Webhooks

/// How programs are told of the end of their jobs.
public struct WebhookMessages: Sendable {
    let sender: any WebhookSender
    /// What a message says of a job at a moment: JSON.
    let body: @Sendable (QueuedJob, Timestamp) -> [UInt8]

    /// WebhookMessages that say what `body` says of a job.
    public init(sender: any WebhookSender, body: @escaping @Sendable (QueuedJob, Timestamp) -> [UInt8]) {
        self.sender = sender
        self.body = body
    }
}
