import Jobs
import Logging

/// Receiving Krea's webhooks.
extension RequestContext {
    /// Notes Krea's call, which brings the next poll forward. Every caller gets the same answer, so that no one can find out which keys exist. The
    /// body is not believed and not read.
    func hear(_ text: String) throws -> Reply {
        if let key = WebhookKey(text), let job = try store.noteKreaWebhook(key, at: application.now()) {
            application.logger.info("Krea has called", metadata: ["job": "\(job)"])
        }
        return .nothing
    }
}
