/// What became of a job that was brought to the store.
public enum Acceptance: Hashable, Sendable {
    /// It is kept.
    case new(QueuedJob)
    /// The same key brought this job, with an equal request, before.
    case existing(QueuedJob)
    /// The same key brought a job with another request before; nothing is kept.
    case conflict
    /// The client has asked for as many pictures today as it may, or would with these.
    case dailyLimit(Allowance)
    /// What may be spent today is spent, or bound to be, and begins anew at this moment; nil when a day's money is less than the job's price.
    case spendLimit(until: Timestamp?)
    /// The queue has no room: in all, or for this client. There is room again at this moment, if nothing else happens.
    case full(FullQueue, until: Timestamp)
}

/// Whose queue is full.
public enum FullQueue: Hashable, Sendable {
    /// Everybody's.
    case total
    /// That of one client.
    case client
}
