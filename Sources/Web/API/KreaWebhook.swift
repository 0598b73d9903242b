import Jobs
import Logging

/// Krea's webhooks.
extension RequestContext {
    /// Everybody gets the same answer, so that nobody learns which keys there are. The body does not matter: nothing that it says is
    /// believed.
    func hear(_ text: String) throws -> Reply {
        if let key = WebhookKey(text), let job = try store.noteKreaWebhook(key, at: application.now()) {
            application.logger.info("Krea has called", metadata: ["job": "\(job)"])
        }
        return .nothing
    }
}
