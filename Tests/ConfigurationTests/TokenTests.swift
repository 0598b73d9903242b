import Foundation
@testable import KreaAPI
import TestSupport
import Testing

@testable import krea_fcgi

/// The token in a file of the service manager (systemd.exec(5), LoadCredential=).
@Suite struct TokenTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func token(_ variables: [String: String] = [:], files: [String: String]) throws -> KreaToken? {
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: folder.file(name))) }
        let environment = variables.merging(["CREDENTIALS_DIRECTORY": folder.path]) { given, _ in given }
        return try Token.read(ConfigurationSource(environment: environment))
    }

    @Test(arguments: ["KREA_API_TOKEN", "krea-api-token"])
    func `without a variable the token comes from the credential of either name`(name: String) throws {
        #expect(try token(files: [name: "a:b\n"])?.secret == "a:b")
    }

    @Test func `a variable that is set goes before the credential, an empty one does not`() throws {
        #expect(try token(["KREA_API_KEY": "a"], files: ["krea-api-token": "b"])?.secret == "a")
        #expect(try token(["KREA_API_TOKEN": "", "KREA_API_KEY": " "], files: ["krea-api-token": "b"])?.secret == "b")
    }

    @Test(arguments: [[:], ["krea-api-token": " \n"], ["another": "b"]])
    func `without a credential, or with an empty one, there is no token`(files: [String: String]) throws {
        #expect(try token(files: files) == nil)
    }

    @Test func `a credential that is no token stops the start with a sentence that does not show it`() throws {
        let path = folder.file("krea-api-token")
        #expect(
            throws: InvalidSetting(
                description: "The credential \(path) must be one word of printable ASCII characters (its value is not shown).")
        ) {
            try token(files: ["krea-api-token": "two words"])
        }
    }

    @Test func `a credential that cannot be read stops the start`() throws {
        let path = folder.file("krea-api-token")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(throws: InvalidSetting(description: "The credential \(path) cannot be read.")) { try token(files: [:]) }
    }
}
