import TestSupport
import Testing

@testable import krea_fcgi

/// What is said when the configuration is read again: to the log and to the service manager.
@Suite(.timeLimit(.minutes(5))) struct ReloaderTests {
    private let log = LogRecorder()

    private func reload(_ result: Result<ConfigurationChange, InvalidSetting>) async throws -> [String] {
        let socket = try NotifySocket(isAbstract: false)
        let manager = try #require(SystemdNotifier(environment: ["NOTIFY_SOCKET": socket.name], process: 7))
        let hangups = AsyncStream<Void> { $0.finish() }
        Reloader(manager: manager, logger: log.logger, hangups: hangups) { try result.get() }.reloadOnce()
        return try await onThread { [try socket.receive(), try socket.receive()] }
    }

    @Test func `the service manager hears when it begins, by its clock, and when it has ended`() async throws {
        let told = try await reload(.success(ConfigurationChange(taken: ["A", "B"], waiting: ["C"])))
        #expect(told[0].wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=[0-9]+/) != nil)
        #expect(told[1] == "READY=1")
        #expect(
            log.lines == [
                "notice The configuration was read again. changed=A B", "warning C has changed; the change takes effect after a restart.",
            ])
    }

    @Test func `what cannot be used is said, and the service manager still hears that it has ended`() async throws {
        let told = try await reload(.failure(InvalidSetting(description: "A is \"1\" but must be 2.")))
        #expect(told[1] == "READY=1")
        #expect(log.lines == ["error The new configuration cannot be used; the old one stays in force. error=A is \"1\" but must be 2."])
    }
}
