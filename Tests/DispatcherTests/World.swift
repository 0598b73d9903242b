import Jobs
import TestSupport

@testable import Dispatcher

/// A store, a simulated Krea and dispatchers between them, in virtual time: hours pass in seconds.
final class World {
    let time: TestTime
    let krea: SimulatedTransport
    let store: any JobStore
    let presence = MemoryPresence()
    private let pictures: (any PictureArchive)?
    private(set) var dispatcher: VirtualDispatcher
    private var accepted: UInt64 = 0

    /// A world whose dispatcher asks for Krea's routes only if `readsRoutes`; then there is always something left to do, as there is with
    /// `pictures`.
    init(
        time: TestTime = TestTime(), _ krea: (TestTime) -> SimulatedTransport = { SimulatedTransport(time: $0) },
        store: any JobStore = MemoryStore(), readsRoutes: Bool = false, pictures: (any PictureArchive)? = nil
    ) async throws {
        self.time = time
        self.krea = krea(time)
        self.store = store
        self.pictures = pictures
        dispatcher = try await VirtualDispatcher(store, self.krea, time, presence, readsRoutes: readsRoutes, pictures)
    }

    /// Another process on the same store, which has just taken over.
    func takeOver() async throws -> VirtualDispatcher {
        try await VirtualDispatcher(store, krea, time, presence, pictures)
    }

    /// The process is killed, with whatever it had in memory, and a new one takes over.
    func restart() async throws {
        presence.withdraw(dispatcher.epoch)
        dispatcher = try await takeOver()
    }

    @discardableResult
    func accept(_ prompt: String, _ members: [String: JSONValue] = [:]) throws -> JobID {
        accepted += 1
        let job = try Job.sample(
            accepted, prompt: prompt, members: members, client: Client(key: "user:\(accepted)"), by: store.catalogue(), at: time.now)
        guard case .new = try store.accept(job, key: nil) else { throw UnknownJob(id: job.id) }
        return job.id
    }

    /// Lets the dispatcher work until nothing is left to do, or until `moment`.
    func run(until moment: Timestamp? = nil) async throws {
        try await dispatcher.run(until: moment)
    }

    func job(_ id: JobID) throws -> Job {
        guard let job = try store.job(id)?.job else { throw UnknownJob(id: id) }
        return job
    }
}

/// The services of one process, without their loops: they are called in turn, and time moves on to what is due next.
final class VirtualDispatcher {
    let epoch: Int
    private let time: TestTime
    private var services: [any DispatchService]

    init(
        _ store: any JobStore, _ krea: SimulatedTransport, _ time: TestTime, _ presence: MemoryPresence, readsRoutes: Bool = false,
        _ pictures: (any PictureArchive)? = nil
    ) async throws {
        self.time = time
        let surroundings = Surroundings.sample(store, krea, time, presence: presence)
        epoch = try await surroundings.store { try $0.takeOver(at: $1) }
        try presence.show(epoch)
        let rounds = Rounds(surroundings, epoch)
        services =
            [Submitter(rounds: rounds), Canceller(rounds: rounds), Poller(rounds: rounds), Reconciler(rounds: rounds)]
            + (readsRoutes ? [CatalogueReader(rounds: rounds)] : [])
        if let pictures { services.append(Archiver(rounds: rounds, archive: pictures)) }
    }

    /// Lets every service do once what it may do now. Returns when there is more to do.
    func turn() async throws -> Timestamp? {
        var moments: [Timestamp] = []
        for service in services {
            if let moment = try await service.look() { moments.append(moment) }
        }
        return moments.min()
    }

    func run(until moment: Timestamp? = nil) async throws {
        while true {
            // Twice, because a later service may have given an earlier one something to do.
            _ = try await turn()
            guard let next = try await turn() else { return }
            if let moment, next >= moment { return time.advance(to: moment) }
            time.advance(to: next)
        }
    }
}
