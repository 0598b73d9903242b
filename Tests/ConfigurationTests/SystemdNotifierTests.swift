import Glibc
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import krea_fcgi

/// What a service manager hears, on a real datagram socket (sd_notify(3)).
@Suite(.timeLimit(.minutes(5))) struct SystemdNotifierTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test(
        arguments: [
            ([:], nil), (["NOTIFY_SOCKET": ""], nil), (["NOTIFY_SOCKET": "vsock:2:1"], nil), (["NOTIFY_SOCKET": "@"], nil),
        ] as [([String: String], Bool?)])
    func `nobody is told anything without a socket that can be reached`(environment: [String: String], expected: Bool?) {
        #expect((SystemdNotifier(environment: environment, process: 7) == nil) == (expected == nil))
    }

    @Test(
        arguments: [
            ([:], nil), (["WATCHDOG_USEC": "3000000"], .seconds(3)), (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"], .seconds(3)),
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "soon"], nil),
        ] as [([String: String], Duration?)])
    func `the patience is that of the watchdog of this very process`(environment: [String: String], patience: Duration?) {
        let manager = SystemdNotifier(environment: environment.merging(["NOTIFY_SOCKET": "/s"]) { $1 }, process: 7)
        #expect(manager?.patience == patience)
    }

    @Test(arguments: [false, true])
    func `what is told arrives as one datagram, by a path or an abstract name`(isAbstract: Bool) async throws {
        let socket = try NotifySocket(isAbstract: isAbstract)
        let manager = try #require(SystemdNotifier(environment: ["NOTIFY_SOCKET": socket.name], process: 7))
        #expect(manager.tell("READY=1\nWATCHDOG=1"))
        #expect(try await onThread { try socket.receive() } == "READY=1\nWATCHDOG=1")
    }

    @Test func `a service manager that is gone is no reason to end`() throws {
        let manager = try #require(SystemdNotifier(environment: ["NOTIFY_SOCKET": "/nowhere/notify"], process: 7))
        #expect(!manager.tell("READY=1"))
    }

    @Test func `it is ready once it is alive, gives signs of life at half of the patience only while it is, and says that it stops`()
        async throws
    {
        let socket = try NotifySocket(isAbstract: false)
        let manager = try #require(
            SystemdNotifier(environment: ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "30000000"], process: 7))
        let clock = StepClock()
        let isAlive = Script([false, true, true, false, true])
        let signs = WatchdogNotifier(manager: manager, logger: Self.logger, clock: clock) { isAlive.next() }
        let group = ServiceGroup(services: [signs], logger: Self.logger)
        async let running: Void = group.run()
        // Not alive yet: nothing is said, and it is looked again soon.
        #expect(await clock.asked() == .seconds(1))
        clock.step()
        #expect(await clock.asked() == .seconds(15))
        #expect(try await onThread { try socket.receive() } == "READY=1\nWATCHDOG=1")
        clock.step()
        #expect(await clock.asked() == .seconds(15))
        #expect(try await onThread { try socket.receive() } == "WATCHDOG=1")
        clock.step()
        // Not alive any more.
        #expect(await clock.asked() == .seconds(1))
        #expect(!socket.hasMore)
        clock.step()
        #expect(await clock.asked() == .seconds(15))
        #expect(try await onThread { try socket.receive() } == "WATCHDOG=1")
        await group.triggerGracefulShutdown()
        try await running
        #expect(try await onThread { try socket.receive() } == "STOPPING=1")
        #expect(!socket.hasMore)
    }

    @Test func `without a watchdog it says once that it is ready, and then that it stops`() async throws {
        let socket = try NotifySocket(isAbstract: true)
        let manager = try #require(SystemdNotifier(environment: ["NOTIFY_SOCKET": socket.name], process: 7))
        let signs = WatchdogNotifier(manager: manager, logger: Self.logger, clock: StepClock()) { true }
        let group = ServiceGroup(services: [signs], logger: Self.logger)
        async let running: Void = group.run()
        #expect(try await onThread { try socket.receive() } == "READY=1\nWATCHDOG=1")
        await group.triggerGracefulShutdown()
        try await running
        #expect(try await onThread { try socket.receive() } == "STOPPING=1")
    }

    @Test(arguments: [(true, true), (false, false)])
    func `a worker that is free tells by the store whether the service is alive`(reads: Bool, isAlive: Bool) async {
        #expect(await Pulse(clock: StepClock(), requests: { 0 }, readsStore: { reads }).isAlive() == isAlive)
    }

    @Test(arguments: [0, 1])
    func `while no worker is free the service is alive if requests are taken up`(more: Int) async {
        let clock = StepClock()
        let requests = Mutex(5)
        let pulse = Pulse(clock: clock, requests: { requests.withLock { $0 } }) {
            // Until it is cancelled.
            for await _ in AsyncStream<Void>.makeStream().stream {}
            return nil
        }
        async let isAlive = pulse.isAlive()
        #expect(await clock.asked() == Pulse.patience)
        requests.withLock { $0 += more }
        clock.step()
        #expect(await isAlive == (more > 0))
    }
}

/// Answers one after the other.
private final class Script: Sendable {
    private let answers: Mutex<[Bool]>

    init(_ answers: [Bool]) { self.answers = Mutex(answers) }

    func next() -> Bool { answers.withLock { $0.removeFirst() } }
}

/// A clock whose sleeps end one by one, when the test says so.
private final class StepClock: Clock {
    let now = ContinuousClock.now
    let minimumResolution = Duration.zero
    private let sleeps = AsyncStream<Duration>.makeStream()
    private let steps = AsyncStream<Void>.makeStream()

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        sleeps.continuation.yield(now.duration(to: deadline))
        for await _ in steps.stream { return }
    }

    /// How long the next sleep shall be, once somebody sleeps.
    func asked() async -> Duration? {
        for await sleep in sleeps.stream { return sleep }
        return nil
    }

    func step() { steps.continuation.yield() }
}
