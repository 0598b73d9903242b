/// The answer to a dispatcher that asks for the right to do something once: a call to Krea, the fetch of a picture, a delivery.
public enum Claim<Granted: Hashable & Sendable>: Hashable, Sendable {
    /// It has to be done now, once.
    case granted(Granted)
    /// There is something to do, but not before this moment.
    case notBefore(Timestamp)
    /// There is nothing to do.
    case nothing
}

/// The right to make one call to Krea about a job's submission.
public struct GrantedCall: Hashable, Sendable {
    /// The call, which is in the ledger.
    public let call: Call
    /// The job, with the claim.
    public let job: Job
    /// The members of the body that a submission sends: of the very route and price for which it was claimed. Empty for every other call.
    public let body: [String: JSONValue]

    /// A right that a store grants.
    public init(_ call: Call, _ job: Job, body: [String: JSONValue]) {
        self.call = call
        self.job = job
        self.body = body
    }

    /// The submission that the call is about.
    public var submission: Submission { job[call.part] }
}
