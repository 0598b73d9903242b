/// The delivery of a message about a job's end to a program that asked for it, and how far it is.
///
/// Each end of the job is told with a message of its own, until the other side takes it: at once, and after a failure five times more
/// within about an hour. A job that timed out and went on has another end.
public struct WebhookDelivery: Hashable, Sendable {
    /// Where telling it stands; the raw values are part of the JSON API and stand in the store.
    public enum State: String, Sendable, CaseIterable {
        /// The job has not ended, or the other side has not taken the message yet.
        case pending
        /// The other side has taken the message.
        case delivered
        /// The other side did not take it in all attempts, or does not want it. Nothing more is sent.
        case failed
    }

    /// The longest that one attempt can last.
    public static let attemptTimeout: Duration = .seconds(10)
    /// How long after a failed attempt the next one comes; after the last of these no more.
    public static let pauses: [Duration] = [.seconds(10), .seconds(60), .seconds(300), .seconds(900), .seconds(2400)]

    /// Where the message goes; see ``WebhookHosts``. The path of such an address is often a secret, so only the job's owner is shown it.
    public let url: String
    /// The host of that address, which anyone may know who may read the job.
    public var host: String { WebhookURL(url)?.host ?? "" }
    /// Where it stands.
    public var state = State.pending
    /// The number of the end that is told; 0 before the first.
    public var number = 0
    /// When the job had come to that end; nil before the first.
    public var end: Timestamp?
    /// How many attempts were begun to tell that end.
    public var attempts = 0
    /// The earliest moment of the next attempt; nil when none comes.
    public var nextAttemptAt: Timestamp?
    /// How the latest attempt ended, in a few words for the operator; nil while it is being made, and before.
    public var outcome: String?

    /// A delivery of a job that has not ended.
    public init(url: String) {
        self.url = url
    }

    /// The job stands so: an end that was not told yet is due at once, and while there is none nothing is told.
    mutating func follow(end newEnd: Timestamp?) {
        guard let newEnd else {
            nextAttemptAt = nil
            return
        }
        guard newEnd != end else { return }
        self = WebhookDelivery(url: url, number: number + 1, end: newEnd)
    }

    private init(url: String, number: Int, end: Timestamp) {
        self.url = url
        self.number = number
        self.end = end
        nextAttemptAt = end
    }

    /// The right to make one attempt is taken, unless all are used up: then it is given up.
    ///
    /// The next one is put off as if this one took as long as it can, so that no process that dies takes the message with it.
    ///
    /// - Returns: Whether to make it.
    public mutating func claim(at now: Timestamp) -> Bool {
        guard attempts <= Self.pauses.count else {
            end(.failed)
            return false
        }
        attempts += 1
        outcome = nil
        nextAttemptAt = now + Self.attemptTimeout + pause
        return true
    }

    /// An attempt has ended. One that is not the latest changes nothing.
    public mutating func record(_ result: DeliveryOutcome, of attempt: DeliveryAttempt, at now: Timestamp) {
        guard attempt.number == number, attempt.attempt == attempts, state == .pending else { return }
        outcome = result.word
        switch result {
        case .delivered: end(.delivered)
        case .gone: end(.failed)
        case .failed where attempts > Self.pauses.count: end(.failed)
        // A job that goes on meanwhile has nothing to tell.
        case .failed: nextAttemptAt = nextAttemptAt == nil ? nil : now + pause
        }
    }

    /// The wall clock was put forward (or back) by `step`: what was so far away is as far away as before.
    public mutating func shift(by step: Duration) {
        nextAttemptAt = nextAttemptAt.map { $0 + step }
    }

    /// What follows the latest attempt; after the last one only the recognition that it was the last.
    private var pause: Duration { Self.pauses[min(attempts, Self.pauses.count) - 1] }

    private mutating func end(_ end: State) {
        state = end
        nextAttemptAt = nil
    }
}

/// One attempt to tell of a job's end.
public struct DeliveryAttempt: Hashable, Sendable {
    /// The dispatcher that may make it.
    public let epoch: Int
    /// The job.
    public let job: JobID
    /// Where the message goes.
    public let url: String
    /// Which end of the job.
    public let number: Int
    /// The number of the attempt, 1 for the first.
    public let attempt: Int

    /// The latest attempt to tell of the end of `job`; nil when no program asked to be told.
    public init?(of job: Job, by epoch: Int) {
        guard let delivery = job.delivery else { return nil }
        self.epoch = epoch
        self.job = job.id
        url = delivery.url
        number = delivery.number
        attempt = delivery.attempts
    }

    /// Names the message, the same in every attempt.
    public var messageID: String { "\(job).\(number)" }
}

/// How an attempt ended.
public enum DeliveryOutcome: Hashable, Sendable {
    /// A status from 200 to 299.
    case delivered(status: Int)
    /// 410: the other side does not want to be told any more.
    case gone
    /// Anything else, in a few words without anything secret.
    case failed(String)

    /// The outcome in a few words.
    public var word: String {
        switch self {
        case .delivered(let status): "status \(status)"
        case .gone: "status 410"
        case .failed(let reason): reason
        }
    }
}

/// The right to make one attempt, with the job as it is.
public struct GrantedDelivery: Hashable, Sendable {
    /// The attempt.
    public let attempt: DeliveryAttempt
    /// The job whose end is told.
    public let job: QueuedJob

    /// A right that a store grants.
    public init(_ attempt: DeliveryAttempt, _ job: QueuedJob) {
        self.attempt = attempt
        self.job = job
    }
}

extension Job {
    /// Makes the delivery fit where the job stands. A store does so whenever it keeps a job.
    public mutating func planDelivery() {
        let end = finishedAt
        delivery?.follow(end: end)
    }
}
