import Foundation
import Glibc
import TestSupport
import Testing

/// What the built program tells whoever started it, as systemd hears it.
@Suite(.timeLimit(.minutes(5))) struct SystemdNotifierTests {
    @Test func `a service tells that it is ready, that it reads its configuration again, and that it stops`() async throws {
        let manager = try NotifySocket(isAbstract: false)
        let stack = try await Stack(environment: ["NOTIFY_SOCKET": manager.name])
        #expect(try await manager.next() == "READY=1\nWATCHDOG=1")
        // Who asks when that was said is answered.
        #expect(try await HTTPTestClient.get("\(stack.base)/health").status == 200)
        stack.service.signal(SIGHUP)
        #expect(try await manager.next().wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=[0-9]+/) != nil)
        #expect(try await manager.next() == "READY=1")
        stack.service.signal(SIGTERM)
        #expect(try await manager.next() == "STOPPING=1")
        #expect(try await stack.service.exitStatus() == 0)
        #expect(!manager.hasMore)
    }

    @Test func `a service that is watched gives signs of life until it stops`() async throws {
        let manager = try NotifySocket(isAbstract: true)
        let stack = try await Stack(environment: ["NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "200000"])
        #expect(try await manager.next() == "READY=1\nWATCHDOG=1")
        for _ in 0..<3 { #expect(try await manager.next() == "WATCHDOG=1") }
        stack.service.signal(SIGTERM)
        var said = try await manager.next()
        while said == "WATCHDOG=1" { said = try await manager.next() }
        #expect(said == "STOPPING=1")
        #expect(try await stack.service.exitStatus() == 0)
    }
}

extension NotifySocket {
    /// The next datagram, without holding up other tests.
    fileprivate func next() async throws -> String { try await onThread { try self.receive() } }
}
