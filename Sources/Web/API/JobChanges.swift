import HTTPTypes
import Jobs
import Logging

/// Cancelling and resuming jobs. Anyone who may read a job may change it. Bodies are ignored.
extension RequestContext {
    /// 200 when the job is cancelled, 202 when Krea must be told first (RFC 9110, section 9.3.5).
    func cancel(_ text: String) throws -> Reply {
        let queued = try cancelled(jobID(text))
        return changed(queued.job.state.isFinished ? .ok : .accepted, queued)
    }

    func resume(_ text: String) throws -> Reply {
        try changed(.accepted, resumed(jobID(text)))
    }

    private func changed(_ status: HTTPResponse.Status, _ queued: QueuedJob) -> Reply {
        reader(of: queued.job.id).changed(status, view(queued))
    }

    func pressCancel(_ text: String) throws -> Reply {
        try press(jobID(text), cancelled)
    }

    func pressResume(_ text: String) throws -> Reply {
        try press(jobID(text), resumed)
    }

    /// Changes a job and leads back to its page, which explains a change that is no longer possible.
    private func press(_ id: JobID, _ change: (JobID) throws -> QueuedJob) throws -> Reply {
        do {
            _ = try change(id)
        } catch let refusal as Refusal where refusal.job != nil {
            // The page explains it.
        }
        return Reply(seeOther: links.page(of: id))
    }

    private func cancelled(_ id: JobID) throws -> QueuedJob {
        do {
            _ = try reader(of: id).view()
            let queued = try store.cancel(id, at: application.now())
            application.logger.info("cancellation asked for", metadata: ["job": "\(id)", "state": "\(queued.job.state.rawValue)"])
            return queued
        } catch is UnknownJob {
            throw try reader(of: id).missing()
        } catch is AlreadyFinished {
            throw Refusal(.alreadyFinished, job: try reader(of: id).view())
        }
    }

    private func resumed(_ id: JobID) throws -> QueuedJob {
        guard links.settings.hasToken else { throw Refusal(.tokenMissing) }
        do {
            _ = try reader(of: id).view()
            let queued = try store.resume(id, at: application.now())
            application.logger.info("resumption asked for", metadata: ["job": "\(id)"])
            return queued
        } catch is UnknownJob {
            throw try reader(of: id).missing()
        } catch is IllegalTransition {
            throw Refusal(.notTimedOut, job: try reader(of: id).view())
        }
    }
}
