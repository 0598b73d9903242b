public import HTTPTypes
import Synchronization

/// What each worker does, for the status. Any thread may read it; only a worker writes its own line.
public final class Scoreboard: Sendable {
    /// What a worker does.
    public enum Activity: Sendable, CaseIterable {
        /// It waits for something to do.
        case idle
        /// A request comes in.
        case reading
        /// The responder has it.
        case running
        /// The answer goes out.
        case writing
    }

    /// One worker.
    public struct Line: Sendable {
        /// What it does.
        public let activity: Activity
        /// For how long it has been doing that.
        public let time: Duration
        /// How many requests it has taken up.
        public let requests: Int
        /// The request that it is at, or was at last; nil before it has read the head of one.
        public let request: HTTPRequest?
        /// That request's ID.
        public let requestID: String?
    }

    /// All workers at a moment.
    public struct Snapshot: Sendable {
        /// One line a worker.
        public let lines: [Line]
        /// How many workers were busy at the same time at most.
        public let mostBusy: Int
        /// How often the last idle worker became busy.
        public let timesAllBusy: Int
    }

    let places: [Slot]
    // Every worker counts here with each request, and none waits for another.
    private let busy = Atomic(0)
    private let mostBusy = Atomic(0)
    private let timesAllBusy = Atomic(0)

    init(workers: Int) {
        places = (0..<workers).map { _ in Slot() }
    }

    /// How it is now.
    var snapshot: Snapshot {
        Snapshot(
            lines: places.map(\.line), mostBusy: mostBusy.load(ordering: .relaxed), timesAllBusy: timesAllBusy.load(ordering: .relaxed))
    }

    /// A worker begins with something.
    func begin(_ place: Slot) {
        place.enter(.reading)
        let count = busy.add(1, ordering: .relaxed).newValue
        if count > mostBusy.load(ordering: .relaxed) { mostBusy.max(count, ordering: .relaxed) }
        if count == places.count { timesAllBusy.add(1, ordering: .relaxed) }
    }

    /// A worker has ended what it was at.
    func end(_ place: Slot) {
        place.enter(.idle)
        busy.subtract(1, ordering: .relaxed)
    }

    /// The line that one worker writes.
    final class Slot: Sendable {
        private struct Entry {
            var activity = Activity.idle
            var since = ContinuousClock.now
            var timings = RequestTimings()
            var requests = 0
            var request: HTTPRequest?
            var requestID: String?
        }

        private let entry = Mutex(Entry())

        /// The worker goes over to something else.
        func enter(_ activity: Activity) {
            let now = ContinuousClock.now
            entry.withLock { entry in
                if entry.activity == .idle { entry.timings = RequestTimings() }
                entry.timings.add(entry.since.duration(to: now), of: entry.activity)
                (entry.activity, entry.since) = (activity, now)
            }
        }

        /// How long each stage of the present request has taken so far.
        var timings: RequestTimings {
            let now = ContinuousClock.now
            return entry.withLock { entry in
                var timings = entry.timings
                timings.add(entry.since.duration(to: now), of: entry.activity)
                return timings
            }
        }

        /// The worker knows what is asked for.
        func take(_ request: HTTPRequest, id: String) {
            entry.withLock { entry in
                entry.requests += 1
                (entry.request, entry.requestID) = (request, id)
            }
        }

        /// The worker goes on with a request that was held.
        func resume(_ request: HTTPRequest, id: String) {
            enter(.running)
            entry.withLock { ($0.request, $0.requestID) = (request, id) }
        }

        var line: Line {
            let now = ContinuousClock.now
            return entry.withLock { entry in
                Line(
                    activity: entry.activity, time: entry.since.duration(to: now), requests: entry.requests, request: entry.request,
                    requestID: entry.requestID)
            }
        }
    }
}
