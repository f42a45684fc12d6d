service { 
  name = "hweb"
  port = 81
  tags = ["x"]
  check { http = "http://127.0.0.1:1/" interval = "10s" }
}
