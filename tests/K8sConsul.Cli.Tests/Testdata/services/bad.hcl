service { name = 
