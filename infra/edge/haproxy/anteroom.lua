-- Asks the waiting room about a request. README.md explains each step. Needs HAProxy 2.5 or later.
local question = "http://127.0.0.1:8080/waitroom/v1/arena/auth?refuse=401"

-- What the answer depends on. Nothing else of the request is told.
local told = { "cookie", "authorization", "waitroom-pass", "waitroom-proof", "waitroom-code", "waitroom-staff", "accept", "accept-language", "sec-fetch-mode", "user-agent" }

local function first(headers, name)
    return headers[name] and headers[name][0] or ""
end

core.register_action("anteroom", { "http-req" }, function(txn)
    local headers = txn.http:req_get_headers()
    local ask = {
        ["host"] = { first(headers, "host") },
        ["x-forwarded-uri"] = { txn.sf:pathq() },
        ["x-forwarded-method"] = { txn.sf:method() },
        ["x-forwarded-for"] = { txn.sf:src() },
    }
    for _, name in ipairs(told) do
        if headers[name] then
            local values = {}
            for i = 0, #headers[name] do
                values[#values + 1] = headers[name][i]
            end
            ask[name] = values
        end
    end
    local answer = core.httpclient():get{ url = question, headers = ask, timeout = 5000 }
    local said = answer and answer.headers or {}
    txn:set_var("txn.anteroom_ticket", first(said, "waitroom-ticket"))
    if not answer or answer.status ~= 200 then
        return -- whatever goes wrong, nobody is let through
    end
    txn:set_var("txn.anteroom_pass", first(said, "waitroom-pass"))
    txn:set_var("txn.anteroom_ticket_cookie", first(said, "waitroom-ticket-cookie"))
    txn:set_var("txn.anteroom_pass_cookie", first(said, "waitroom-pass-cookie"))
end, 0)
