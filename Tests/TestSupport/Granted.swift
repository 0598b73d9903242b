package import Jobs

/// A claim that should have been granted was not.
package struct NotGranted: Error {
    package init() {}
}

extension Claim {
    fileprivate func orThrow() throws(NotGranted) -> Granted {
        guard case .granted(let granted) = self else { throw NotGranted() }
        return granted
    }
}

extension Claim<GrantedCall> {
    /// The call and the job, if it was granted.
    package func granted() throws -> (Call, Job) {
        let granted = try orThrow()
        return (granted.call, granted.job)
    }

    /// What a submission sends, if it was granted.
    package func body() throws -> [String: JSONValue] { try orThrow().body }
}

extension Claim<GrantedDelivery> {
    /// The attempt and the job, if it was granted.
    package func granted() throws -> (DeliveryAttempt, QueuedJob) {
        let granted = try orThrow()
        return (granted.attempt, granted.job)
    }
}

extension Claim<PictureFetch> {
    /// The fetch, if it was granted.
    package func granted() throws -> PictureFetch { try orThrow() }
}

extension Claim<Call> {
    /// The call, if it was granted.
    package func granted() throws -> Call { try orThrow() }
}

extension CallOutcome: ExpressibleByStringLiteral {
    package init(stringLiteral word: String) { self.init(rawValue: word) }
}
