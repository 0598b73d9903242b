import Answers
import CFastCGI
import Glibc

/// What one thread does: takes what is ready, answers one request, gives the connection back.
///
/// A request is answered when all of it has come; until then, while a reader takes its answer, and while there is nothing to say yet, its
/// connection is parked, and no thread waits for a stranger.
final class Worker: Sendable {
    let queue: ReadyQueue
    let acceptor: Acceptor
    let exchange: RequestHandler
    let workerTasks: WorkerTasks
    let scoreboard: Scoreboard
    let limits: IncomingRequest.Limits
    /// How many requests are held at most.
    let heldLimit: Int

    init(
        queue: ReadyQueue, acceptor: Acceptor, exchange: RequestHandler, workerTasks: WorkerTasks, scoreboard: Scoreboard,
        limits: IncomingRequest.Limits, heldLimit: Int
    ) {
        (self.queue, self.acceptor, self.exchange, self.workerTasks) = (queue, acceptor, exchange, workerTasks)
        (self.scoreboard, self.limits, self.heldLimit) = (scoreboard, limits, heldLimit)
    }

    /// Most requests fit into this as a whole.
    private static let lookCount = 16 << 10
    /// After so many reads others have their turn.
    private static let readsAtOnce = 32

    /// What the thread itself has.
    private final class Desk {
        let place: Scoreboard.Slot
        let library = FCGXRequest()
        let role: Leadership.Role
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 8)

        init(_ place: Scoreboard.Slot, _ role: Leadership.Role) {
            (self.place, self.role) = (place, role)
        }

        deinit { buffer.deallocate() }
    }

    /// Works as the worker with this number, from 0, until the queue says stop.
    func run(_ number: Int) {
        let desk = Desk(scoreboard.places[number], Leadership.Role(queue.leadership))
        while true {
            switch queue.next(desk.role) {
            case .stop: return
            case .task: workerTasks.doOne()
            case .listening:
                if let connection = acceptor.accept() {
                    look(at: connection, isNew: true, latest: nil, desk)
                } else {
                    queue.done()
                }
            case .connection(let connection, let awaited): goOn(with: connection, awaited, desk)
            case .woken: for woken in queue.takeWoken() { goOn(with: woken.answer, woken.occasion, on: woken.connection, desk) }
            case .overdue: for (connection, awaited) in queue.takeOverdue(at: .now) { giveUp(connection, awaited, desk) }
            }
        }
    }

    private func goOn(with connection: Int32, _ awaited: Awaited, _ desk: Desk) {
        switch awaited {
        case .request(let latest): look(at: connection, isNew: false, latest: latest, desk)
        case .rest(let incoming): collect(incoming, from: connection, isNew: false, desk)
        // Whatever comes while a request is held, an abort, a half-close, an end, says that the answer is not wanted any more.
        case .answer(let answer): if answer.isHeld { drop(connection) } else { sendOn(answer, to: connection, desk) }
        case .end(let draining): drain(connection, draining, isNew: false, desk)
        }
    }

    /// Looks at what a request begins with. Most are whole, and libfcgi reads them from the connection.
    ///
    /// A poll on a kept connection makes four calls to the system: epoll_wait, recv, read and sendto; under load one epoll_wait serves several.
    private func look(at connection: Int32, isNew: Bool, latest: UInt16?, _ desk: Desk) {
        let count = recv(connection, desk.buffer.baseAddress, Self.lookCount, Int32(MSG_PEEK | MSG_DONTWAIT))
        guard count > 0 else {
            // A connection that says nothing costs no thread.
            if count < 0, errno == EAGAIN { return queue.park(connection, isNew: isNew, for: .request(latest: latest)) }
            return drop(connection)
        }
        let stage = RequestFlow.stage(of: UnsafeRawBufferPointer(rebasing: desk.buffer[..<count]))
        switch stage {
        case .complete, .foreign:
            serve(connection, isNew: isNew, desk, begin: { desk.library.begin(on: connection, isWhole: stage == .complete) })
        case .begin, .parameters, .body:
            collect(IncomingRequest(since: .now, limits: limits), from: connection, isNew: isNew, desk)
        }
    }

    /// Takes what has come of a request, and answers it when that is enough.
    private func collect(_ incoming: IncomingRequest, from connection: Int32, isNew: Bool, _ desk: Desk) {
        var incoming = incoming
        for _ in 0..<Self.readsAtOnce where incoming.state == .partial {
            let count = recv(connection, desk.buffer.baseAddress, desk.buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                incoming.take(UnsafeRawBufferPointer(rebasing: desk.buffer[..<count]))
            } else if count < 0, errno == EAGAIN {
                break
            } else if count == 0 || errno != EINTR {
                return drop(connection)
            }
        }
        switch incoming.state {
        case .foreign: drop(connection)
        case .whole, .refused: serve(connection, isNew: isNew, desk, begin: { desk.library.begin(incoming, on: connection) })
        case .partial: park(connection, isNew: isNew, for: .rest(incoming), until: incoming.deadline, desk)
        }
    }

    private func serve(_ connection: Int32, isNew: Bool, _ desk: Desk, refusal: RefusedRequest? = nil, begin: () -> Bool) {
        scoreboard.begin(desk.place)
        guard begin() else {
            scoreboard.end(desk.place)
            return queue.done()
        }
        let changes = queue.changes
        let answer = exchange.answer(
            desk.library, place: desk.place, role: desk.role, refusal: refusal, mayWait: queue.heldCount < heldLimit,
            isStopping: { queue.isStopping })
        scoreboard.end(desk.place)
        send(answer, to: connection, isNew: isNew, since: changes, desk)
    }

    /// Asks what comes next of an answer, and sends it.
    private func goOn(with answer: OutgoingAnswer, _ occasion: Wait.Occasion, on connection: Int32, _ desk: Desk) {
        scoreboard.begin(desk.place)
        let changes = queue.changes
        exchange.goOn(with: answer, occasion, place: desk.place, isStopping: { queue.isStopping })
        scoreboard.end(desk.place)
        send(answer, to: connection, isNew: false, since: changes, desk)
    }

    /// Sends what a reader has not taken yet. What has changed meanwhile is told when it has: a slow reader is told less often.
    private func sendOn(_ answer: OutgoingAnswer, to connection: Int32, _ desk: Desk) {
        guard answer.wait != nil else { return send(answer, to: connection, isNew: false, since: nil, desk) }
        switch answer.send(to: connection) {
        case .failed: drop(connection)
        case .full: park(connection, isNew: false, for: .answer(answer), until: answer.deadline(limits), desk)
        case .done: goOn(with: answer, .changed, on: connection, desk)
        }
    }

    private func send(_ answer: OutgoingAnswer, to connection: Int32, isNew: Bool, since changes: Int?, _ desk: Desk) {
        switch (answer.send(to: connection), answer.wait) {
        case (.failed, _): drop(connection)
        case (.full, _): park(connection, isNew: isNew, for: .answer(answer), until: answer.deadline(limits), desk)
        case (.done, let wait?): queue.park(connection, isNew: isNew, for: .answer(answer), until: .now + wait.timeout, since: changes)
        case (.done, nil):
            switch answer.ending {
            case .kept: queue.park(connection, isNew: isNew, for: .request(latest: answer.request))
            case .closed: drop(connection)
            case .unread:
                // Closing at once could take the answer away from a peer that is still sending.
                shutdown(connection, Int32(SHUT_WR))
                drain(connection, Draining(deadline: .now + limits.grace), isNew: isNew, desk)
            }
        }
    }

    /// Reads and drops what a peer sends that has its answer.
    private func drain(_ connection: Int32, _ draining: Draining, isNew: Bool, _ desk: Desk) {
        var draining = draining
        for _ in 0..<Self.readsAtOnce {
            let count = recv(connection, desk.buffer.baseAddress, desk.buffer.count, Int32(MSG_DONTWAIT))
            if count < 0, errno == EAGAIN { break }
            draining.left -= count
            guard count > 0, draining.left > 0 else { return drop(connection) }
        }
        queue.park(connection, isNew: isNew, for: .end(draining), until: draining.deadline)
    }

    private func park(_ connection: Int32, isNew: Bool, for awaited: Awaited, until deadline: ContinuousClock.Instant, _ desk: Desk) {
        queue.park(connection, isNew: isNew, for: awaited, until: deadline)
        while let (connection, awaited) = queue.takeOldestOfTooMany() { giveUp(connection, awaited, desk) }
    }

    /// Ends what has waited too long; a request whose head has come gets an answer.
    private func giveUp(_ connection: Int32, _ awaited: Awaited, _ desk: Desk) {
        guard case .rest(let incoming) = awaited, incoming.hasHead else { return drop(connection) }
        serve(connection, isNew: false, desk, refusal: .tooSlow, begin: { desk.library.begin(incoming, on: connection) })
    }

    private func drop(_ connection: Int32) {
        close(connection)
        queue.done()
    }
}
