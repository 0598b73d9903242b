import Foundation
import Jobs
import TestSupport
import Testing

/// Pictures in other people's pages, through nginx.
@Suite(.timeLimit(.minutes(5))) struct SignedPictureTests {
    private static let secret = ["KREA_FCGI_SIGNING_SECRET": Data(repeating: 7, count: 32).base64EncodedString()]

    private func sign(_ stack: Stack, _ options: String...) async throws -> (status: Int32, lines: [String]) {
        let program = ChildProcess(
            Stack.product("krea-fcgi"), ["sign", "--public-url", stack.base] + options,
            environment: Self.secret.merging(["KREA_FCGI_STORE": stack.folder.file("jobs.sqlite")]) { $1 })
        let status = try await program.exitStatus()
        return (status, await program.allLines())
    }

    @Test func `a signed address becomes its picture, once, however many look`() async throws {
        let stack = try await Stack(environment: Self.secret, keepsPictures: true)
        let signed = try await sign(stack, "--prompt", "a lighthouse & more", "--model", "flux", "--aspect-ratio", "16:9")
        #expect(signed.status == 0)
        let address = try #require(signed.lines.first)
        #expect(address.hasPrefix("\(stack.base)/i/"))
        #expect(signed.lines.count == 1)

        #expect(try await HTTPTestClient.request("HEAD", address).status == 200)
        let foreign = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "image")]
        async let one = HTTPTestClient.get(address, foreign)
        async let two = HTTPTestClient.get(address, foreign)
        async let three = HTTPTestClient.get(address, foreign)
        for answer in try await [one, two, three] where answer.status != 302 {
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "image/svg+xml")
        }
        try await stack.service.line { $0.contains("Kept a copy") }
        let answer = try await HTTPTestClient.get(address, foreign)
        #expect(answer.status == 302)
        #expect(answer["Cache-Control"] == "public, max-age=2592000")
        let location = try #require(answer["Location"])
        #expect(location.hasPrefix("/krea/pictures/"))
        #expect(try await HTTPTestClient.get(stack.origin + location)["Content-Type"] == "image/png")
        #expect(try stack.kreaCalls().count { $0.method == "POST" } == 1)

        let forged = try await HTTPTestClient.get(address.replacing(".png", with: "x.png"))
        #expect(forged.status == 403)
        #expect(try stack.kreaCalls().count { $0.method == "POST" } == 1)
    }

    @Test func `JSON is signed as well, and what is wrong with it is said`() async throws {
        let stack = try await Stack(environment: Self.secret)
        let file = stack.folder.file("request.json")
        try #"{"prompt": "a lighthouse", "width": 5000}"#.write(toFile: file, atomically: true, encoding: .utf8)
        let refused = try await sign(stack, "--json", file)
        #expect(refused.status == 1)
        #expect(refused.lines.joined().contains("width 5000 must be a whole number from 512 to 2368."))
        try #"{"prompt": "a lighthouse"}"#.write(toFile: file, atomically: true, encoding: .utf8)
        let fromFile = try await sign(stack, "--json", file)
        let fromOption = try await sign(stack, "--prompt", "a lighthouse")
        #expect(fromFile.status == 0)
        #expect(fromFile.lines == fromOption.lines)
    }
}
