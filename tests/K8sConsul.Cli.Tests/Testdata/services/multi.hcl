service { name = "h1" }
service { name = "h2" }
