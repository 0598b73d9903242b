import Foundation
import TestSupport
import Testing

@testable import HTTPClient

/// Whom a request is said to, by the certificate.
@Suite(.timeLimit(.minutes(5))) struct TLSTests {
    /// OpenSSL's server on this machine, with a certificate for `hooks.invalid` that nobody has signed.
    private final class Server: @unchecked Sendable {
        let port: Int
        let certificate: String
        private let folder: TemporaryFolder
        private let process = Process()

        init() throws {
            folder = try TemporaryFolder()
            certificate = folder.file("certificate.pem")
            try Self.run([
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=hooks.invalid",
                "-addext", "subjectAltName=DNS:hooks.invalid", "-keyout", folder.file("key.pem"), "-out", certificate,
            ])
            let output = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/openssl")
            process.arguments = [
                "s_server", "-accept", "127.0.0.1:0", "-key", folder.file("key.pem"), "-cert", certificate, "-www",
            ]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            // "ACCEPT 127.0.0.1:40011"
            var text = ""
            while !text.contains("ACCEPT ") || !text.hasSuffix("\n") {
                let part = output.fileHandleForReading.availableData
                guard !part.isEmpty else { throw POSIXError(.ECONNREFUSED) }
                text += String(decoding: part, as: UTF8.self)
            }
            port = try #require(text.split(whereSeparator: \.isNewline).last?.split(separator: ":").last.flatMap { Int($0) })
        }

        deinit {
            process.terminate()
        }

        private static func run(_ arguments: [String]) throws {
            let process = try Process.run(URL(filePath: "/usr/bin/openssl"), arguments: arguments)
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw POSIXError(.EIO) }
        }
    }

    private func status(of url: String, trusting certificate: String?) async throws(HTTPClientError) -> Int {
        var request = ClientRequest("GET", url, until: .now + .seconds(60), bodyLimit: 1 << 20)
        request.address = "127.0.0.1"
        request.trusted = certificate
        return try await HTTPClient().perform(request).status
    }

    @Test func `a request is said to a host whose certificate is trusted and has its name, and to no other`() async throws {
        let server = try await onThread { try Server() }
        #expect(try await status(of: "https://hooks.invalid:\(server.port)/", trusting: server.certificate) == 200)
        for (host, certificate) in [("hooks.invalid", nil), ("other.invalid", server.certificate)] {
            do throws(HTTPClientError) {
                _ = try await status(of: "https://\(host):\(server.port)/", trusting: certificate)
                Issue.record("said to \(host)")
            } catch {
                guard case .notSent = error else { throw error }
            }
        }
    }
}
