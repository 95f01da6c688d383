-- wrk -s wrk.lua ADDRESS -- BODY_FILE [keys=FILE] [HEADER=VALUE …]
-- Posts a body over and over; with a file of keys, each call with the next one. Ends with one line for the benchmark to read.

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(args)
  wrk.method = "POST"
  wrk.body = read(args[1])
  wrk.headers["content-type"] = "application/json"
  local keys
  for index = 2, #args do
    local name, value = args[index]:match("^(.-)=(.*)$")
    if name == "keys" then keys = value else wrk.headers[name] = value end
  end
  if not keys then return end

  local calls, at = {}, 0
  for key in io.lines(keys) do
    wrk.headers["authorization"] = "Bearer " .. key
    calls[#calls + 1] = wrk.format()
  end
  request = function()
    at = at % #calls + 1
    return calls[at]
  end
end

function done(summary, latency)
  local failed = summary.errors
  io.write(string.format("bench %d %d %d %d %d %d %d %.0f %.0f\n",
    summary.requests, summary.duration, failed.status, failed.connect, failed.read, failed.write, failed.timeout,
    latency:percentile(50), latency:percentile(99)))
end
