/// What a connection waits for while no worker has it.
enum Awaited {
    /// The next request; with the ID of the latest, nil where it has brought none yet.
    case request(latest: UInt16?)
    /// The rest of a request.
    indirect case rest(IncomingRequest)
    /// That its peer takes more of an answer or, when everything is sent, that there is more to say.
    case answer(OutgoingAnswer)
    /// That its peer ends it, after an answer that did not wait for the end of the body.
    indirect case end(Draining)

    /// How much memory it takes because a peer is slow.
    var footprint: Int {
        switch self {
        case .request, .end: 0
        case .rest(let incoming): incoming.footprint
        case .answer(let answer): answer.footprint
        }
    }

    /// Since when it waits for its peer to do something; nil for a peer that owes nothing.
    var since: ContinuousClock.Instant? {
        switch self {
        case .request, .end: nil
        case .rest(let incoming): incoming.since
        case .answer(let answer): answer.since
        }
    }

    /// The answer, if all of it was sent and more is to come.
    var held: OutgoingAnswer? {
        guard case .answer(let answer) = self, answer.isHeld else { return nil }
        return answer
    }
}

/// What is read and dropped, so that a peer that is still sending gets its answer before the connection is closed.
struct Draining {
    /// How many bytes are still taken.
    var left = 16 << 20
    /// When it ends.
    let deadline: ContinuousClock.Instant
}
